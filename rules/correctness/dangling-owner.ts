import { type AnyResource, defineRule, type Workspace } from '#rule';
import { isBuiltInGroup } from '#rule/schema';
import { digList, isRecord, text } from '#rule/shape';

/** Fields of metadata that the API server sets. */
const serverFields = ['uid', 'resourceVersion', 'creationTimestamp', 'selfLink', 'generation', 'managedFields'];

export default defineRule({
  title: 'Manifest should not contain fields that the API server sets',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Resource'],
  needs: [...serverFields, 'status', 'ownerReferences'],
  scope: 'workspace',
  fix: 'suggestion: remove the fields that the API server sets',
  messages: {
    server: '{title} sets {field}, which the API server sets, so an apply may be rejected or ignored',
    status: '{title} has a status, which the API server ignores, so it misleads readers',
    owner: '{title} has owner {owner}, which is not in the input, so it may be deleted right after it is created',
  },
  help: {
    server:
      'Remove {field} and other fields that the server sets: uid, resourceVersion, creationTimestamp, managedFields, status',
    status: 'Remove status',
    owner: 'Remove metadata.ownerReferences; controllers set it',
  },
  equivalents: ['monokle:LNK003'],
  sources: ['Kubernetes documentation, Owners and Dependents'],
  check(resource, { workspace, report }) {
    const { object, title, live, embedded } = resource;
    if (live || embedded) return;
    const metadata: unknown = object.metadata;
    if (!isRecord(metadata)) return;
    const own = serverFields.filter((key) => metadata[key] !== undefined && metadata[key] !== null);
    const hasStatus = keepsStatus(resource, workspace) && hasContent(object['status']);
    const edits = [
      ...own.map((key) => ({ op: 'remove', on: metadata, key }) as const),
      ...(hasStatus ? [{ op: 'remove', on: object, key: 'status' } as const] : []),
    ];
    const fix = { safe: false, edits };
    const [first] = own;
    if (first !== undefined)
      report({ message: 'server', data: { title, field: `metadata.${first}` }, on: metadata, key: first, fix });
    else if (hasStatus) report({ message: 'status', data: { title }, on: object, key: 'status', fix });
    else {
      const references = metadata['ownerReferences'];
      for (const owner of digList(references)) {
        const [kind, name] = [text(owner.kind), text(owner.name)];
        if (kind === undefined || name === undefined || workspace.unit(resource).find(kind, name).length > 0) continue;
        report({ message: 'owner', data: { title, owner: `${kind} "${name}"` }, on: metadata, key: 'ownerReferences' });
        break;
      }
    }
  },
});

/** Whether any scalar in a status has content. */
const hasContent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(hasContent)
    : value !== undefined && value !== null && value !== '';

/** Whether the API server drops the status of an object that is applied. */
function keepsStatus({ group, kind, known }: AnyResource, workspace: Workspace): boolean {
  // The status of these two is written by generators, and read by the API server.
  if (known === 'CustomResourceDefinition' || kind === 'APIService') return false;
  return isBuiltInGroup(workspace, group) || workspace.schemas.ofPublished(group, kind).size > 0;
}
