"""The shapes of the Engine API's answers, down to the fields that swarmtui uses.

Every field may be missing or null: engines of different ages leave out different ones. Only what
every engine sends has to be there, by which the answer to another request is told from the one that
was asked for. Fields that can hold secrets (environment, labels of tasks, join tokens) are not
named and so never decoded.
"""

from __future__ import annotations

import msgspec


class Shape(msgspec.Struct, rename="pascal", gc=False):
    """A JSON object of the engine; unknown fields are skipped unread."""


class Version(Shape):
    index: int | None = None


class RemoteManagerShape(Shape):
    node_id: str | None = msgspec.field(name="NodeID", default=None)
    addr: str | None = None


class ClusterShape(Shape):
    id: str | None = msgspec.field(name="ID", default=None)
    default_addr_pool: list[str] | None = None
    subnet_size: int | None = None
    data_path_port: int | None = None


class SwarmShape(Shape):
    node_id: str | None = msgspec.field(name="NodeID", default=None)
    node_addr: str | None = None
    local_node_state: str | None = None
    control_available: bool | None = None
    error: str | None = None
    remote_managers: list[RemoteManagerShape] | None = None
    cluster: ClusterShape | None = None


class InfoShape(Shape):
    server_version: str | None
    swarm: SwarmShape | None
    id: str | None = msgspec.field(name="ID", default=None)
    name: str | None = None


class NodeSpec(Shape):
    role: str | None = None
    availability: str | None = None
    labels: dict[str, str] | None = None


class Platform(Shape):
    architecture: str | None = None
    os: str | None = msgspec.field(name="OS", default=None)


class NodeEngine(Shape):
    engine_version: str | None = None


class NodeDescription(Shape):
    hostname: str | None = None
    platform: Platform | None = None
    engine: NodeEngine | None = None


class NodeStatus(Shape):
    state: str | None = None
    message: str | None = None
    addr: str | None = None


class ManagerStatus(Shape):
    leader: bool | None = None
    reachability: str | None = None
    addr: str | None = None


class NodeShape(Shape):
    id: str = msgspec.field(name="ID")
    description: NodeDescription | None
    version: Version | None = None
    spec: NodeSpec | None = None
    status: NodeStatus | None = None
    manager_status: ManagerStatus | None = None


class IpamConfig(Shape):
    subnet: str | None = None
    gateway: str | None = None
    ip_range: str | None = msgspec.field(name="IPRange", default=None)


class Ipam(Shape):
    config: list[IpamConfig] | None = None


class PeerShape(Shape):
    name: str | None = None
    ip: str | None = msgspec.field(name="IP", default=None)


class NetworkShape(Shape):
    id: str = msgspec.field(name="Id")
    scope: str | None
    driver: str | None
    name: str | None = None
    created: str | None = None
    ipam: Ipam | None = msgspec.field(name="IPAM", default=None)
    internal: bool | None = None
    attachable: bool | None = None
    ingress: bool | None = None
    enable_ipv6: bool | None = msgspec.field(name="EnableIPv6", default=None)
    options: dict[str, str] | None = None
    labels: dict[str, str] | None = None
    peers: list[PeerShape] | None = None


class ContainerShape(Shape):
    name: str | None = None
    endpoint_id: str | None = msgspec.field(name="EndpointID", default=None)
    mac_address: str | None = None
    ipv4_address: str | None = msgspec.field(name="IPv4Address", default=None)


class GossipTaskShape(Shape):
    name: str | None = None
    endpoint_id: str | None = msgspec.field(name="EndpointID", default=None)
    endpoint_ip: str | None = msgspec.field(name="EndpointIP", default=None)
    info: dict[str, str] | None = None


class GossipServiceShape(Shape):
    vip: str | None = msgspec.field(name="VIP", default=None)
    ports: list[str] | None = None
    tasks: list[GossipTaskShape] | None = None


class SubnetStatus(Shape):
    ips_in_use: int | None = msgspec.field(name="IPsInUse", default=None)
    dynamic_ips_available: int | None = msgspec.field(name="DynamicIPsAvailable", default=None)


class IpamStatus(Shape):
    subnets: dict[str, SubnetStatus] | None = None


class NetworkStatus(Shape):
    ipam: IpamStatus | None = msgspec.field(name="IPAM", default=None)


class InspectionShape(Shape):
    id: str = msgspec.field(name="Id")
    peers: list[PeerShape] | None = None
    containers: dict[str, ContainerShape] | None = None
    # Each a `GossipServiceShape`: all of a large network at once would hold the interpreter long.
    services: dict[str, msgspec.Raw] | None = None
    status: NetworkStatus | None = None


class Replicated(Shape):
    replicas: int | None = None


class ReplicatedJob(Shape):
    total_completions: int | None = None


class ServiceMode(Shape):
    replicated: Replicated | None = None
    global_: dict[str, object] | None = msgspec.field(name="Global", default=None)
    replicated_job: ReplicatedJob | None = None
    global_job: dict[str, object] | None = None


class Target(Shape):
    target: str | None = None
    aliases: list[str] | None = None
    driver_opts: dict[str, str] | None = None


class Image(Shape):
    image: str | None = None
    stop_grace_period: int | None = None


class TaskTemplate(Shape):
    container_spec: Image | None = None
    networks: list[Target] | None = None


class PortShape(Shape):
    protocol: str | None = None
    target_port: int | None = None
    published_port: int | None = None
    publish_mode: str | None = None


class EndpointSpec(Shape):
    mode: str | None = None
    ports: list[PortShape] | None = None


class UpdateConfig(Shape):
    parallelism: int | None = None
    delay: int | None = None
    monitor: int | None = None
    order: str | None = None
    failure_action: str | None = None


class ServiceSpec(Shape):
    task_template: TaskTemplate | None
    name: str | None = None
    labels: dict[str, str] | None = None
    mode: ServiceMode | None = None
    update_config: UpdateConfig | None = None
    endpoint_spec: EndpointSpec | None = None
    networks: list[Target] | None = None


class VirtualIpShape(Shape):
    network_id: str | None = msgspec.field(name="NetworkID", default=None)
    addr: str | None = None


class ServiceEndpoint(Shape):
    ports: list[PortShape] | None = None
    virtual_ips: list[VirtualIpShape] | None = msgspec.field(name="VirtualIPs", default=None)


class UpdateStatus(Shape):
    state: str | None = None
    message: str | None = None


class ServiceStatus(Shape):
    running_tasks: int | None = None
    desired_tasks: int | None = None


class ServiceShape(Shape):
    id: str = msgspec.field(name="ID")
    spec: ServiceSpec
    version: Version | None = None
    created_at: str | None = None
    updated_at: str | None = None
    endpoint: ServiceEndpoint | None = None
    update_status: UpdateStatus | None = None
    service_status: ServiceStatus | None = None


class AttachmentSpec(Shape):
    container_id: str | None = msgspec.field(name="ContainerID", default=None)


class TaskSpec(Shape):
    networks: list[Target] | None = None
    network_attachment_spec: AttachmentSpec | None = None


class ContainerStatus(Shape):
    container_id: str | None = msgspec.field(name="ContainerID", default=None)


class TaskStatus(Shape):
    timestamp: str | None = None
    state: str | None = None
    message: str | None = None
    err: str | None = None
    container_status: ContainerStatus | None = None


class AskedIpam(Shape):
    configs: list[IpamConfig] | None = None


class AttachedSpec(Shape):
    ipam_options: AskedIpam | None = msgspec.field(name="IPAMOptions", default=None)


class AttachedNetwork(Shape):
    id: str | None = msgspec.field(name="ID", default=None)
    spec: AttachedSpec | None = None


class AttachmentShape(Shape):
    network: AttachedNetwork | None = None
    addresses: list[str] | None = None


class TaskShape(Shape):
    id: str = msgspec.field(name="ID")
    desired_state: str | None
    version: Version | None = None
    spec: TaskSpec | None = None
    service_id: str | None = msgspec.field(name="ServiceID", default=None)
    slot: int | None = None
    node_id: str | None = msgspec.field(name="NodeID", default=None)
    status: TaskStatus | None = None
    networks_attachments: list[AttachmentShape] | None = None


class ConfigSpec(Shape):
    name: str | None = None
    labels: dict[str, str] | None = None


class ConfigShape(Shape):
    id: str = msgspec.field(name="ID")
    spec: ConfigSpec
    version: Version | None = None
