import { defineRule } from '#rule';

export default defineRule({
  title: 'Images in ECR should be scanned',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['repository'],
  scope: 'model',
  fix: 'safe: scan images on push',
  messages: {
    off: 'Images in repository "{repository}" are not scanned, so known vulnerabilities in them go unnoticed',
  },
  help: 'Set ImageScanningConfiguration.ScanOnPush (Terraform image_scanning_configuration.scan_on_push) to true',
  equivalents: [
    'checkov:CKV_AWS_163',
    'trivy:AWS-0030',
    'prowler:ecr_repositories_scan_images_on_push_enabled',
    'prowler:ecr_registry_scan_images_on_push_enabled',
    'securityhub:ECR.1',
    'cis-eks-1.7:5.1.1',
    'cis-eks-1.8:5.1.1',
    'kubescape:C-0221',
  ],
  sources: [
    'EKS Best Practices Guide, Security > Image security > Scan images for vulnerabilities regularly',
    'CIS Amazon EKS Benchmark, 5.1.1',
  ],
  check({ scanOnPush, scannedByRegistry, subject }, { report }) {
    report({
      when: scanOnPush.is(false).and(scannedByRegistry.not()),
      message: 'off',
      data: { repository: subject.name },
      at: scanOnPush.at,
      fix: { safe: true, edits: scanOnPush.write(true) },
    });
  },
});
