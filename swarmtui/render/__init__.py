"""The model as text: columns, rows, sheets, notices and documents; pure functions all."""

from swarmtui.render.address_map import (
    AddressMap,
    address_legend,
    address_line,
    address_map,
    part_around,
)
from swarmtui.render.addresses import ADDRESS_COLUMNS, address_rows, reserved_sheet
from swarmtui.render.bridge import (
    BRIDGE_FACTS,
    bridge_document,
    bridge_facts,
    bridge_mtu_remark,
    bridge_sheet,
    runbook_text,
)
from swarmtui.render.cells import Cell
from swarmtui.render.creations import (
    CREATION_FACTS,
    SPLIT_FACTS,
    creation_facts,
    split_facts,
    task_count,
    unused_text,
)
from swarmtui.render.document import document, document_json, findings_json
from swarmtui.render.drafts import DRAFT_FACTS, draft_facts, faults_text, gateway_remark, mtu_remark
from swarmtui.render.endpoints import ENDPOINT_COLUMNS, endpoint_rows
from swarmtui.render.export import ExportFormat, save_table
from swarmtui.render.findings import (
    FINDING_COLUMNS,
    RowSubject,
    finding_lines,
    finding_rows,
    finding_sheet,
    marked,
    rules_markdown,
    severity_counts,
)
from swarmtui.render.firewall import (
    OPENING_COLUMNS,
    firewall_document,
    firewall_script,
    firewall_sheet,
    opening_rows,
    trial_text,
    trials_summary,
)
from swarmtui.render.header import stale_words, standing_text, title_line
from swarmtui.render.init_plans import (
    INIT_FACTS,
    command_line,
    init_document,
    init_facts,
    init_text,
)
from swarmtui.render.members import MEMBER_COLUMNS, member_rows
from swarmtui.render.migrations import MIGRATION_FACTS, migration_facts, way_words
from swarmtui.render.network_sheet import network_sheet
from swarmtui.render.networks import NETWORK_COLUMNS, network_rows
from swarmtui.render.nodes import NODE_COLUMNS, node_rows
from swarmtui.render.notices import (
    Notice,
    failure_notice,
    lost_notice,
    notice_text,
    standing_notice,
)
from swarmtui.render.operations import (
    OPERATION_COLUMNS,
    leftover_text,
    operation_details,
    operation_document,
    operation_rows,
    operation_text,
    step_line,
)
from swarmtui.render.path import path_document, path_text, unclear_text
from swarmtui.render.peers import PEER_COLUMNS, peer_rows, peer_summary
from swarmtui.render.plans import (
    afterwards_text,
    duration,
    plan_text,
    refusal_text,
    taking_over_text,
)
from swarmtui.render.pool_map import (
    SEAT_COLUMNS,
    block_line,
    next_line,
    outside_rows,
    pool_cells,
    pool_legend,
    pool_title,
    seat_key,
    seat_rows,
)
from swarmtui.render.pools import POOL_COLUMNS, pool_rows
from swarmtui.render.ports import PORT_COLUMNS, port_rows
from swarmtui.render.problems import PROBLEM_COLUMNS, problem_rows
from swarmtui.render.report import TONE_STYLES, plain_table, tables
from swarmtui.render.room import room_text
from swarmtui.render.service_forms import (
    ATTACH_FACTS,
    DETACH_FACTS,
    MODE_WORDS,
    REACH_FACTS,
    attach_facts,
    candidates,
    detach_facts,
    reach_facts,
)
from swarmtui.render.services import SERVICE_COLUMNS, service_rows
from swarmtui.render.sheets import (
    endpoint_sheet,
    node_sheet,
    peer_sheet,
    pool_sheet,
    service_sheet,
    task_sheet,
)
from swarmtui.render.table import Column, Row, SortValue
from swarmtui.render.tasks import TASK_COLUMNS, task_rows
from swarmtui.render.text import clock_time, printable
from swarmtui.render.used_by import network_users, node_users, service_uses

__all__ = [
    "ADDRESS_COLUMNS",
    "ATTACH_FACTS",
    "BRIDGE_FACTS",
    "CREATION_FACTS",
    "DETACH_FACTS",
    "DRAFT_FACTS",
    "ENDPOINT_COLUMNS",
    "FINDING_COLUMNS",
    "INIT_FACTS",
    "MEMBER_COLUMNS",
    "MIGRATION_FACTS",
    "MODE_WORDS",
    "NETWORK_COLUMNS",
    "NODE_COLUMNS",
    "OPENING_COLUMNS",
    "OPERATION_COLUMNS",
    "PEER_COLUMNS",
    "POOL_COLUMNS",
    "PORT_COLUMNS",
    "PROBLEM_COLUMNS",
    "REACH_FACTS",
    "SEAT_COLUMNS",
    "SERVICE_COLUMNS",
    "SPLIT_FACTS",
    "TASK_COLUMNS",
    "TONE_STYLES",
    "AddressMap",
    "Cell",
    "Column",
    "ExportFormat",
    "Notice",
    "Row",
    "RowSubject",
    "SortValue",
    "address_legend",
    "address_line",
    "address_map",
    "address_rows",
    "afterwards_text",
    "attach_facts",
    "block_line",
    "bridge_document",
    "bridge_facts",
    "bridge_mtu_remark",
    "bridge_sheet",
    "candidates",
    "clock_time",
    "command_line",
    "creation_facts",
    "detach_facts",
    "document",
    "document_json",
    "draft_facts",
    "duration",
    "endpoint_rows",
    "endpoint_sheet",
    "failure_notice",
    "faults_text",
    "finding_lines",
    "finding_rows",
    "finding_sheet",
    "findings_json",
    "firewall_document",
    "firewall_script",
    "firewall_sheet",
    "gateway_remark",
    "init_document",
    "init_facts",
    "init_text",
    "leftover_text",
    "lost_notice",
    "marked",
    "member_rows",
    "migration_facts",
    "mtu_remark",
    "network_rows",
    "network_sheet",
    "network_users",
    "next_line",
    "node_rows",
    "node_sheet",
    "node_users",
    "notice_text",
    "opening_rows",
    "operation_details",
    "operation_document",
    "operation_rows",
    "operation_text",
    "outside_rows",
    "part_around",
    "path_document",
    "path_text",
    "peer_rows",
    "peer_sheet",
    "peer_summary",
    "plain_table",
    "plan_text",
    "pool_cells",
    "pool_legend",
    "pool_rows",
    "pool_sheet",
    "pool_title",
    "port_rows",
    "printable",
    "problem_rows",
    "reach_facts",
    "refusal_text",
    "reserved_sheet",
    "room_text",
    "rules_markdown",
    "runbook_text",
    "save_table",
    "seat_key",
    "seat_rows",
    "service_rows",
    "service_sheet",
    "service_uses",
    "severity_counts",
    "split_facts",
    "stale_words",
    "standing_notice",
    "standing_text",
    "step_line",
    "tables",
    "taking_over_text",
    "task_count",
    "task_rows",
    "task_sheet",
    "title_line",
    "trial_text",
    "trials_summary",
    "unclear_text",
    "unused_text",
    "way_words",
]
