import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { makeAccount, region } from '../test/parts/aws-account.ts';
import { startApiServer } from '../test/parts/kube-apiserver.ts';
import { startAws } from '../test/parts/moto.ts';
import { loadObjects, rigObjects } from '../test/parts/rig.ts';
import { type Json, sampleObjects } from '../test/sample-objects.ts';

/* The cluster on which audits are measured: a real API server, and moto for AWS. */

/** AWS services that moto lacks: the cluster has no resources there. */
const lacking: Readonly<Record<string, object>> = {
  'eks:ListAddons': { addons: [] },
  'eks:ListPodIdentityAssociations': { associations: [] },
  'eks:ListAccessEntries': { accessEntries: [] },
  'eks:ListIdentityProviderConfigs': { identityProviderConfigs: [] },
  'eks:ListCapabilities': { capabilities: [] },
  'eks:ListInsights': { insights: [] },
  'eks:DescribeClusterVersions': { clusterVersions: [] },
  'ecr:DescribePullThroughCacheRules': { pullThroughCacheRules: [] },
};

export interface Rig {
  /** A folder for output of the measured programs. */
  readonly scratch: string;
  readonly cluster: string;
  readonly region: string;
  /** The objects that were loaded. */
  readonly objects: readonly Json[];
  /** The version of the API server. */
  readonly version: string;
  stop(): Promise<void>;
}

/**
 * Starts the cluster, and sets the environment so that programs find it. Without a folder it contains the objects of
 * the audit tests.
 */
export async function startRig(folder: string | undefined): Promise<Rig> {
  const scratch = mkdtempSync(join(tmpdir(), 'ekslint-bench-'));
  const [server, aws] = await Promise.all([startApiServer(['--allow-privileged']), startAws()]);
  const stop = async (): Promise<void> => {
    await Promise.all([server.stop(), aws.stop()]);
    rmSync(scratch, { recursive: true, force: true });
  };
  try {
    const kubeconfig = join(scratch, 'kubeconfig');
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: aws.url,
      KUBECONFIG: kubeconfig,
      // The Node version is not what is measured.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
    const data = Buffer.from(server.ca).toString('base64');
    const cluster = 'prod';
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': cluster,
        clusters: [{ name: cluster, cluster: { server: server.url, 'certificate-authority-data': data } }],
        users: [{ name: cluster, user: { token: server.token } }],
        contexts: [{ name: cluster, context: { cluster, user: cluster } }],
      }),
      { mode: 0o600 },
    );
    const { vpc, clusterGroup } = await makeAccount();
    const said = await new EKSClient({}).send(new DescribeClusterCommand({ name: cluster }));
    const described = {
      ...said.cluster,
      createdAt: 1_700_000_000,
      status: 'ACTIVE',
      // Must be the version of the API server.
      endpoint: server.url,
      certificateAuthority: { data },
      accessConfig: { authenticationMode: 'API' },
      resourcesVpcConfig: {
        ...said.cluster?.resourcesVpcConfig,
        endpointPublicAccess: true,
        vpcId: vpc,
        clusterSecurityGroupId: clusterGroup,
      },
    };
    aws.answer = ({ operation }, response) => {
      const body = operation === 'eks:DescribeCluster' ? { cluster: described } : lacking[operation];
      if (!body) return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
      return true;
    };
    const objects = folder === undefined ? rigObjects() : sampleObjects({ folders: [folder], pages: false });
    const { taken } = await loadObjects(server, objects);
    return { scratch, cluster, region, objects: taken, version: server.version, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
