import type { Aws } from './aws.ts';
import { type Calls, text } from './aws-calls.ts';
import type { Place } from './aws-cluster.ts';

const attributes = [
  ['enableDnsSupport', 'EnableDnsSupport'],
  ['enableDnsHostnames', 'EnableDnsHostnames'],
] as const;
/** States of deleted resources, which lists still show for a while (EC2 API reference, VpcEndpoint). */
const isGone = (state: unknown): boolean => /^(?:delet|reject|fail|expire)/i.test(text(state));

/** The VPC of a cluster, and what is in it. Returns the subnets of its NAT gateways. */
export async function collectVpc(
  aws: Aws,
  calls: Calls,
  { arnOf }: Place,
  id: string | undefined,
): Promise<{ readonly subnets: readonly string[] }> {
  const subnets: string[] = [];
  if (id === undefined) return { subnets };
  const sdk = await import('#sources/clients.ts');
  const { ec2 } = await aws.clients;
  const ofVpc = { Name: 'vpc-id', Values: [id] };
  const own = arnOf('ec2', `vpc/${id}`);

  const readVpc = async (): Promise<void> => {
    const list = sdk.paginateDescribeVpcs({ client: ec2 }, { Filters: [ofVpc] }, aws.until);
    const all = await calls.list('ec2:DescribeVpcs', list, (page) => page.Vpcs);
    if (!all || all.length === 0) return;
    calls.keep(own, { Vpcs: all });
    // Each call returns one.
    await calls.each(attributes, async ([Attribute, key]) => {
      const value = await calls.tell(
        'ec2:DescribeVpcAttribute',
        () => ec2.send(new sdk.DescribeVpcAttributeCommand({ VpcId: id, Attribute }), aws.until),
        (said) => said[key],
      );
      if (value) calls.keep(`${own}/${Attribute}`, { VpcId: id, [key]: value });
    });
  };
  const readEndpoints = async (): Promise<void> => {
    const list = sdk.paginateDescribeVpcEndpoints({ client: ec2 }, { Filters: [ofVpc] }, aws.until);
    const all = await calls.list('ec2:DescribeVpcEndpoints', list, (page) => page.VpcEndpoints);
    for (const { VpcEndpointId, VpcEndpointType, VpcId, ServiceName, State, PrivateDnsEnabled, Tags } of all ?? [])
      if (!isGone(State))
        calls.keep(arnOf('ec2', `vpc-endpoint/${VpcEndpointId}`), {
          VpcEndpoints: [{ VpcEndpointId, VpcEndpointType, VpcId, ServiceName, State, PrivateDnsEnabled, Tags }],
        });
  };
  const readGateways = async (): Promise<void> => {
    const list = sdk.paginateDescribeNatGateways({ client: ec2 }, { Filter: [ofVpc] }, aws.until);
    const all = await calls.list('ec2:DescribeNatGateways', list, (page) => page.NatGateways);
    for (const one of all ?? [])
      if (!isGone(one.State)) {
        calls.keep(arnOf('ec2', `natgateway/${one.NatGatewayId}`), { NatGateways: [one] });
        subnets.push(text(one.SubnetId));
      }
  };
  const readFlowLogs = async (): Promise<void> => {
    const Filter = [{ Name: 'resource-id', Values: [id] }];
    const list = sdk.paginateDescribeFlowLogs({ client: ec2 }, { Filter }, aws.until);
    const all = await calls.list('ec2:DescribeFlowLogs', list, (page) => page.FlowLogs);
    for (const one of all ?? []) calls.keep(arnOf('ec2', `vpc-flow-log/${one.FlowLogId}`), { FlowLogs: [one] });
  };
  await Promise.all([
    ...(calls.wants('AWS::EC2::VPC') ? [readVpc()] : []),
    ...(calls.wants('AWS::EC2::VPCEndpoint') ? [readEndpoints()] : []),
    ...(calls.wants('AWS::EC2::NatGateway') ? [readGateways()] : []),
    ...(calls.wants('AWS::EC2::FlowLog') ? [readFlowLogs()] : []),
  ]);
  return { subnets };
}
