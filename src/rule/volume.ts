/**
 * Volume drivers built into Kubernetes, and the minor version that removed them (Kubernetes documentation, Volumes;
 * changelogs). EBS has its own rule.
 */
export const inTreeDrivers: ReadonlyMap<string, number | undefined> = new Map([
  ['gcePersistentDisk', undefined],
  ['azureDisk', undefined],
  ['azureFile', undefined],
  ['cinder', undefined],
  ['vsphereVolume', undefined],
  ['portworxVolume', undefined],
  ['flexVolume', undefined],
  ['scaleIO', 22],
  ['photonPersistentDisk', 24],
  ['flocker', 25],
  ['quobyte', 25],
  ['storageos', 25],
  ['glusterfs', 26],
  ['cephfs', 31],
  ['rbd', 31],
]);
