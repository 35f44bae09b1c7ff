import { spawn, spawnSync } from 'node:child_process';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** Why there is no moto to test with; undefined if there is one. */
export const whyNoMoto = (): string | undefined =>
  spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0
    ? undefined
    : "no moto_server: pip install 'moto[server]'";

/** The Python for which moto, and so boto3, is installed: PATH may have others before it. */
export function pythonOfMoto(): string {
  const all = spawnSync('which', ['-a', 'python3'], { encoding: 'utf8' }).stdout.split('\n');
  const found = all.find((one) => one !== '' && spawnSync(one, ['-c', 'import boto3']).status === 0);
  if (found === undefined) throw new Error('moto is installed, and no python3 of the path has boto3');
  return found;
}

/** What a test answers itself, instead of moto. */
export type Answer = (call: Call, response: ServerResponse) => boolean;
export interface Call {
  /** The IAM action: `eks:ListAddons`. */
  readonly operation: string;
  readonly url: URL;
  readonly body: string;
  /** The ID of the access key that signed it. */
  readonly key: string;
}

/** AWS as in moto, behind a server that records which operations are called and may answer some of them itself. */
export interface AwsServer {
  readonly url: string;
  readonly calls: Call[];
  answer: Answer;
  stop(): Promise<void>;
}

/** Operations of EKS by method and path (EKS API reference). */
const ofEks: readonly (readonly [RegExp, string])[] = [
  [/^GET \/clusters$/, 'ListClusters'],
  [/^GET \/clusters\/[^/]+$/, 'DescribeCluster'],
  [/^GET \/clusters\/[^/]+\/node-groups$/, 'ListNodegroups'],
  [/^GET \/clusters\/[^/]+\/node-groups\/[^/]+$/, 'DescribeNodegroup'],
  [/^GET \/clusters\/[^/]+\/addons$/, 'ListAddons'],
  [/^GET \/clusters\/[^/]+\/addons\/[^/]+$/, 'DescribeAddon'],
  [/^GET \/clusters\/[^/]+\/pod-identity-associations$/, 'ListPodIdentityAssociations'],
  [/^GET \/clusters\/[^/]+\/pod-identity-associations\/[^/]+$/, 'DescribePodIdentityAssociation'],
  [/^GET \/cluster-versions$/, 'DescribeClusterVersions'],
  [/^GET \/addons\/supported-versions$/, 'DescribeAddonVersions'],
  [/^POST \/clusters\/[^/]+\/insights$/, 'ListInsights'],
  [/^GET \/clusters\/[^/]+\/fargate-profiles$/, 'ListFargateProfiles'],
  [/^GET \/clusters\/[^/]+\/fargate-profiles\/[^/]+$/, 'DescribeFargateProfile'],
  [/^GET \/clusters\/[^/]+\/access-entries$/, 'ListAccessEntries'],
  [/^GET \/clusters\/[^/]+\/access-entries\/[^/]+$/, 'DescribeAccessEntry'],
  [/^GET \/clusters\/[^/]+\/access-entries\/[^/]+\/access-policies$/, 'ListAssociatedAccessPolicies'],
  [/^GET \/clusters\/[^/]+\/identity-provider-configs$/, 'ListIdentityProviderConfigs'],
  [/^POST \/clusters\/[^/]+\/identity-provider-configs\/describe$/, 'DescribeIdentityProviderConfig'],
  [/^GET \/clusters\/[^/]+\/capabilities$/, 'ListCapabilities'],
  [/^GET \/clusters\/[^/]+\/capabilities\/[^/]+$/, 'DescribeCapability'],
];
/** The same for EFS (EFS API reference). */
const ofEfs: readonly (readonly [RegExp, string])[] = [
  [/^GET \/2015-02-01\/file-systems$/, 'DescribeFileSystems'],
  [/^GET \/2015-02-01\/mount-targets$/, 'DescribeMountTargets'],
  [/^GET \/2015-02-01\/mount-targets\/[^/]+\/security-groups$/, 'DescribeMountTargetSecurityGroups'],
];

/** The same for VPC Lattice, API Gateway and GuardDuty (their API references). */
const ofLattice: readonly (readonly [RegExp, string])[] = [
  [/^GET \/servicenetworkvpcassociations$/, 'ListServiceNetworkVpcAssociations'],
  [/^GET \/servicenetworkserviceassociations$/, 'ListServiceNetworkServiceAssociations'],
  [/^GET \/servicenetworks\/[^/]+$/, 'GetServiceNetwork'],
  [/^GET \/authpolicy\/[^/]+$/, 'GetAuthPolicy'],
  [/^GET \/accesslogsubscriptions$/, 'ListAccessLogSubscriptions'],
];
const ofApiGateway: readonly (readonly [RegExp, string])[] = [
  [/^GET \/v2\/apis$/, 'GetApis'],
  [/^GET \/v2\/apis\/[^/]+\/integrations$/, 'GetIntegrations'],
];
const ofGuardDuty: readonly (readonly [RegExp, string])[] = [
  [/^GET \/detector$/, 'ListDetectors'],
  [/^GET \/detector\/[^/]+$/, 'GetDetector'],
];
const paths: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  eks: ofEks,
  elasticfilesystem: ofEfs,
  'vpc-lattice': ofLattice,
  apigateway: ofApiGateway,
  guardduty: ofGuardDuty,
};

function operationOf({ method, headers }: IncomingMessage, { pathname }: URL, body: string): string {
  const service = /\/([\w-]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1] ?? 'unsigned';
  const action = new URLSearchParams(body).get('Action');
  // KMS, ECR, Systems Manager and CloudWatch Logs name their operation in a header.
  const target = /\.(\w+)$/.exec(String(headers['x-amz-target'] ?? ''))?.[1];
  const named = paths[service]?.find(([path]) => path.test(`${method} ${pathname}`));
  const name = action ?? target ?? named?.[1] ?? `${method} ${pathname}`;
  return `${service}:${name}`;
}

/** An error in the protocol of the service. */
export function refuse({ operation }: Call, response: ServerResponse, status: number, code: string): void {
  if (/^(?:eks|kms|ecr|logs|elasticfilesystem|ssm|vpc-lattice|apigateway|guardduty):/.test(operation)) {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code });
    response.end(JSON.stringify({ __type: code, message: `${code} for ${operation}` }));
    return;
  }
  const error = `<Error><Code>${code}</Code><Message>${code} for ${operation}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(
    operation.startsWith('ec2:')
      ? `<Response><Errors>${error}</Errors><RequestID>1</RequestID></Response>`
      : `<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`,
  );
}

const listening = async (server: ReturnType<typeof createServer>): Promise<number> => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

/** Starts moto on a port of the loopback interface that it chooses itself. If it is `isRemembering`, it is asked the same only once until something is written. */
export async function startAws(isRemembering = false): Promise<AwsServer> {
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true', PYTHONUNBUFFERED: '1' },
  });
  const stopMoto = (): Promise<void> =>
    new Promise((done) => {
      if (moto.exitCode !== null || moto.signalCode !== null) return done();
      moto.once('exit', () => done());
      moto.kill('SIGKILL');
    });
  let said = '';
  const base = await new Promise<string | undefined>((done) => {
    const late = setTimeout(() => done(undefined), 60_000);
    const end = (url?: string): void => {
      clearTimeout(late);
      done(url);
    };
    moto.once('error', () => end());
    moto.once('exit', () => end());
    moto.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-2000);
      const [, url] = /Running on (http:\/\/127\.0\.0\.1:\d+)\s/.exec(said) ?? [];
      if (url === undefined) return;
      // It writes a line for each request.
      moto.stderr.removeAllListeners('data').resume();
      end(url);
    });
  });
  if (base !== undefined) return await serve(stopMoto, isRemembering ? remembering(base) : asking(base));
  await stopMoto();
  throw new Error(`moto did not start: ${said}`);
}

/** A server that knows about AWS only what a test answers. */
export const startStub = (): Promise<AwsServer> => serve(async () => {});

interface Said {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** The answer of moto to a call. */
type Ask = (call: Call, asked: IncomingMessage) => Promise<Said>;
const asking =
  (base: string): Ask =>
  ({ url, body }, { method, headers }) =>
    new Promise((done, fail) => {
      request(new URL(`${url.pathname}${url.search}`, base), { method, headers }, (said) => {
        const chunks: Buffer[] = [];
        said.on('data', (chunk: Buffer) => chunks.push(chunk));
        said.on('error', fail);
        said.on('end', () => {
          // Unlike moto, AWS keeps connections open.
          const { connection: _, ...kept } = said.headers;
          done({ status: said.statusCode ?? 500, headers: kept, bytes: Buffer.concat(chunks) });
        });
      })
        .on('error', fail)
        .end(body);
    });
function remembering(base: string): Ask {
  const ask = asking(base);
  const known = new Map<string, Said>();
  let [written, writing] = [0, 0];
  return async (call, asked) => {
    if (!/:(?:Describe|Get|List)/.test(call.operation)) {
      writing++;
      return await ask(call, asked).finally(() => {
        writing--;
        written++;
        known.clear();
      });
    }
    const [signer = ''] = /Credential=[^,]+/.exec(asked.headers.authorization ?? '') ?? [];
    const question = `${call.operation} ${signer} ${asked.method} ${call.url} ${call.body}`;
    const before = written;
    const said = known.get(question) ?? (await ask(call, asked));
    // While something is written, an answer may be of the state before.
    if (written === before && writing === 0) known.set(question, said);
    return said;
  };
}

async function serve(stopMoto: () => Promise<void>, ask?: Ask): Promise<AwsServer> {
  const calls: Call[] = [];
  const server = createServer((asked, response) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const url = new URL(asked.url ?? '', 'http://stub');
      const [, key = ''] = /Credential=([^/]+)\//.exec(asked.headers.authorization ?? '') ?? [];
      const call: Call = { operation: operationOf(asked, url, body), url, body, key };
      calls.push(call);
      if (aws.answer(call, response)) return;
      if (!ask) return refuse(call, response, 501, 'NotImplemented');
      ask(call, asked).then(
        ({ status, headers, bytes }) => response.writeHead(status, headers).end(bytes),
        () => response.destroy(),
      );
    });
  });
  const aws: AwsServer = {
    url: `http://127.0.0.1:${await listening(server)}`,
    calls,
    answer: () => false,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await stopMoto();
    },
  };
  return aws;
}
