"""What engines make of what is written: updates, configs, specs, ports, networks that overlap."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy

import pytest

from tests.swarm.calls import (
    Json,
    Said,
    await_allocated,
    changed,
    clear,
    create_network,
    create_service,
    done,
    live_tasks,
    port,
    publishing,
    rpc,
    said,
    service,
    touch,
    unpublish,
    update,
)
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

OUT_OF_SEQUENCE = (500, rpc("Unknown", "update out of sequence"))
ONLY_LABELS = (400, rpc("InvalidArgument", "only updates to Labels are allowed"))


@pytest.fixture
def tidy(bare_lab: Lab) -> Iterator[Lab]:
    """Three nodes on which afterwards nothing is left."""
    yield bare_lab
    clear(bare_lab)


@pytest.fixture
def web(tidy: Lab) -> str:
    """Return the id of a service that publishes."""
    return create_service(tidy, "web", EndpointSpec=publishing(port(8080)))


@pytest.fixture
def note(tidy: Lab) -> str:
    """Return the id of a config, as an operation's lock is one."""
    data = b64encode(b"hello").decode()
    body = {"Name": "note", "Labels": {"owner": "me"}, "Data": data}
    return str(done(tidy, "POST", "/configs/create", body)["ID"])


def spec_of(lab: Lab, name: str) -> Json:
    return dict(lab.get(1, f"/services/{name}")["Spec"])


def endpoint_of(lab: Lab, name: str) -> Json:
    return dict(lab.get(1, f"/services/{name}")["Endpoint"])


def await_ports(lab: Lab, name: str) -> list[Json]:
    """Wait until the engine has given a service its ports, and return them."""

    def ports() -> list[Json]:
        return list(endpoint_of(lab, name).get("Ports") or ())

    return wait_until(ports, "published ports")


def test_an_update_for_an_old_version_is_refused(tidy: Lab, web: str, note: str) -> None:
    lab = tidy
    node = lab.get(1, "/nodes")[0]["ID"]
    for kind, name in (("services", "web"), ("configs", "note"), ("nodes", node)):
        before = lab.get(1, f"/{kind}/{name}")["Spec"]
        assert update(lab, kind, name, changed(Labels={"a": "b"}), behind=1) == OUT_OF_SEQUENCE
        assert lab.get(1, f"/{kind}/{name}")["Spec"] == before


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ({"Name": "other"}, (501, rpc("Unimplemented", "renaming services is not supported"))),
        (
            {"Mode": {"Global": {}}},
            (501, rpc("Unimplemented", "service mode change is not allowed")),
        ),
        (
            {"Mode": {"Global": {}, "Replicated": {"Replicas": 1}}},
            (400, "must specify only one service mode"),
        ),
        ({"TaskTemplate": {}}, (400, "mismatched Runtime and *Spec fields")),
    ],
    ids=["rename", "mode", "modes", "template"],
)
def test_what_cannot_change_is_refused_before_the_version_counts(
    tidy: Lab, web: str, parts: Json, answer: Said
) -> None:
    before = spec_of(tidy, "web")
    for behind in (0, 1):
        assert update(tidy, "services", "web", changed(**parts), behind=behind) == answer
    assert spec_of(tidy, "web") == before


def test_there_is_nothing_to_roll_back_to(tidy: Lab, web: str) -> None:
    row = tidy.get(1, "/services/web")
    path = f"/services/{web}/update?version={row['Version']['Index']}&rollback"
    words = rpc("FailedPrecondition", f"service {web} does not have a previous spec")
    assert said(tidy, 1, "POST", f"{path}=previous", row["Spec"]) == (400, words)
    words = "unrecognized rollback option twice"
    assert said(tidy, 1, "POST", f"{path}=twice", row["Spec"]) == (500, words)


@pytest.mark.parametrize("key", ["Role", "Availability"])
def test_a_node_needs_its_role_and_its_availability(tidy: Lab, key: str) -> None:
    node = tidy.get(1, "/nodes")[0]["ID"]
    assert update(tidy, "nodes", node, changed(**{key: ""})) == (400, f'invalid {key}: ""')


def test_of_a_config_only_the_labels_change(tidy: Lab, note: str) -> None:
    lab = tidy
    data = lab.get(1, "/configs/note")["Spec"]["Data"]
    other = b64encode(b"other").decode()
    for edit in (changed(Data=other), changed(Name="other")):
        for behind in (0, 1):
            assert update(lab, "configs", "note", edit, behind=behind) == ONLY_LABELS
    assert update(lab, "configs", "note", changed(Labels={"owner": "you"})) == (200, "")
    assert update(lab, "configs", note, lambda spec: spec.pop("Data")) == (200, "")
    row = lab.get(2, f"/configs/{note}")
    assert row["Spec"] == {"Name": "note", "Labels": {"owner": "you"}, "Data": data}
    path = f"/configs/{note}/update"
    assert said(lab, 1, "POST", path, row["Spec"]) == (400, "invalid config version")


def test_a_config_of_the_name_is_found_by_either_manager(tidy: Lab, note: str) -> None:
    filters = "/configs?filters=%7B%22name%22%3A%5B%22note%22%5D%7D"
    for number in (1, 2):
        assert [each["ID"] for each in tidy.get(number, filters)] == [note]


def test_fields_that_the_engine_does_not_know_are_dropped(tidy: Lab) -> None:
    lab = tidy
    known = service("odd", "app", EndpointSpec=publishing(port(8081)))
    odd = deepcopy(known) | {"Future": {"a": 1}}
    odd["EndpointSpec"] |= {"Future": 1}
    odd["EndpointSpec"]["Ports"][0] |= {"Future": "x"}
    odd["TaskTemplate"] |= {"Future": [1.50]}
    odd["TaskTemplate"]["ContainerSpec"] |= {"Future": True}
    odd["TaskTemplate"]["Networks"][0] |= {"Future": "x"}
    app = create_network(lab, "app")
    done(lab, "POST", "/services/create", odd)
    expected = deepcopy(known)
    expected["TaskTemplate"]["Networks"] = [{"Target": app}]
    expected["EndpointSpec"]["Ports"] = [
        {"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 8081, "PublishMode": "ingress"}
    ]
    assert spec_of(lab, "odd") == expected
    assert update(lab, "services", "odd", changed(Future=None)) == (200, "")
    assert spec_of(lab, "odd") == expected


def test_names_of_fields_are_read_in_any_case_and_defaults_filled_in(tidy: Lab) -> None:
    lab = tidy
    image = service("")["TaskTemplate"]["ContainerSpec"]["Image"]
    spec = {
        "name": "low",
        "tasktemplate": {"containerspec": {"image": image}, "restartpolicy": {}},
        "mode": {"replicated": {"replicas": 0}},
        "updateconfig": {},
        "endpointspec": {"ports": [{"targetport": 80, "protocol": "x", "publishmode": "x"}]},
    }
    done(lab, "POST", "/services/create", spec)
    assert spec_of(lab, "low") == {
        "Name": "low",
        "Labels": {},
        "TaskTemplate": {
            "ContainerSpec": {"Image": image, "Isolation": "default"},
            "RestartPolicy": {"Condition": "any", "MaxAttempts": 0},
            "ForceUpdate": 0,
            "Runtime": "container",
        },
        "Mode": {"Replicated": {"Replicas": 0}},
        "UpdateConfig": {
            "Parallelism": 0,
            "FailureAction": "pause",
            "MaxFailureRatio": 0,
            "Order": "stop-first",
        },
        "EndpointSpec": {
            "Mode": "vip",
            "Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishMode": "ingress"}],
        },
    }


def test_numbers_that_the_engine_gave_are_kept_when_they_are_asked_for(tidy: Lab) -> None:
    lab = tidy
    asked = publishing({"TargetPort": 80}, {"TargetPort": 53, "Protocol": "udp"})
    create_service(lab, "auto", EndpointSpec=asked)
    first = await_ports(lab, "auto")
    assert [(each["Protocol"], each["TargetPort"]) for each in first] == [("tcp", 80), ("udp", 53)]
    assert all(each["PublishedPort"] >= 30000 for each in first)
    numbers = changed(EndpointSpec={"Mode": "vip", "Ports": first})

    assert update(lab, "services", "auto", numbers) == (200, "")
    assert spec_of(lab, "auto")["EndpointSpec"]["Ports"] == first
    create_service(lab, "other", EndpointSpec=publishing({"TargetPort": 80}))
    others = await_ports(lab, "other")
    assert others[0]["PublishedPort"] not in {each["PublishedPort"] for each in first}
    assert endpoint_of(lab, "auto")["Ports"] == first

    assert update(lab, "services", "auto", unpublish) == (200, "")
    wait_until(lambda: endpoint_of(lab, "auto") == {"Spec": {"Mode": "vip"}}, "closed ports")
    assert update(lab, "services", "auto", numbers) == (200, "")
    again = await_ports(lab, "auto")
    assert again == first == endpoint_of(lab, "auto")["Spec"]["Ports"]


OVERLAPS = (
    ("overlap", {"Subnet": "10.60.1.0/24"}),
    ("inner", {"Subnet": "10.60.0.0/16"}),
    ("itself", {"Subnet": "10.61.0.0/24"}, {"Subnet": "10.61.0.0/25"}),
    ("gateway", {"Subnet": "10.62.0.0/24", "Gateway": "10.62.0.255"}),
    ("small", {"Subnet": "10.63.0.0/31"}),
)


def test_what_cannot_be_allocated_is_accepted_and_stays_as_it_is(tidy: Lab) -> None:
    lab = tidy
    await_allocated(lab, create_network(lab, "first", {"Subnet": "10.60.0.0/22"}))
    for each in OVERLAPS:
        create_network(lab, *each)
    create_service(lab, "stuck", "overlap", replicas=1)
    # The allocator takes networks in turn, so it has been at the others before this one.
    last = create_network(lab, "last", {"Subnet": "10.64.0.0/24", "IPRange": "10.64.0.128/25"})
    await_allocated(lab, last)
    rows = {each["Name"]: each for each in lab.get(1, "/networks")}
    assert rows["last"]["IPAM"]["Config"] == [
        {"Subnet": "10.64.0.0/24", "IPRange": "10.64.0.128/25", "Gateway": "10.64.0.128"}
    ]
    stuck = [("new/running", list[str]())]
    wait_until(lambda: live_tasks(lab, "stuck") == stuck, "task that cannot go on")
    for name, *_ in OVERLAPS:
        row = rows[str(name)]
        assert (row["Driver"], row["IPAM"], row["Options"]) == (
            "",
            {"Driver": "", "Options": None, "Config": None},
            None,
        )
    touch(lab, 1)
    assert live_tasks(lab, "stuck") == stuck
    assert endpoint_of(lab, "stuck") == {"Spec": {}}
