/**
 * Volume drivers of Kubernetes itself, and the minor version that has them no more (Kubernetes documentation, Volumes; changelogs). EBS
 * has a rule of its own.
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
