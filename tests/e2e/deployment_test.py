"""What docker/ has for Compose and Kubernetes fits together, and fits the server."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from fetched import from_pip
from processes import PATIENCE, SOURCE_DIR, Server
from scrape import scrape

try:
    import yaml
except ImportError:
    yaml = None

NO_YAML = "python3-yaml is not installed (scripts/setup --dev)"
DOCKER = pathlib.Path(SOURCE_DIR) / "docker"
MANIFESTS = DOCKER / "kubernetes"
# Server::Drain gives up so long after it cancelled.
STUCK_SECONDS = 5
# grpc.dns_min_time_between_resolutions_ms: for so long a client may not see a server replaced.
RESOLUTION_SECONDS = 30


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def image_ports():
    """The ports that the image says it listens on: of calls, and of metrics."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    ports = [int(port) for port in re.search(r"^EXPOSE (.*)$", text, re.M).group(1).split()]
    assert f"TRAWL_LISTEN=0.0.0.0:{ports[0]} " in text
    return ports


def effective(variables):
    """The options of a server with these variables, and all others as they are by themselves. Its
    addresses are others, so that it can start here."""
    here = {name: "127.0.0.1:0" if ":" in value else value for name, value in variables.items()}
    with Server(**here) as server:
        unknown = [name for name in variables if name[len("TRAWL_"):].lower() not in server.options]
        assert not unknown, f"trawld has no {unknown}"
        return server.options


def seconds(text):
    amount, unit = re.fullmatch(r"(\d+)(s|m)", text).groups()
    return int(amount) * {"s": 1, "m": 60}[unit]


def drain_seconds(options):
    return options["drain_delay_seconds"] + options["drain_grace_seconds"] + STUCK_SECONDS


def validate(program, *arguments):
    ended = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                           timeout=PATIENCE)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@unittest.skipIf(yaml is None, NO_YAML)
class ComposeTest(unittest.TestCase):
    def setUp(self):
        self.path = DOCKER / "compose.yaml"
        self.services = load(self.path)["services"]

    def mounts(self, service):
        """{where it is in the container: the file or folder of the tree}"""
        pairs = (volume.split(":")[:2] for volume in self.services[service].get("volumes", []))
        return {there: DOCKER / here for here, there in pairs if here.startswith(".")}

    def test_it_has_the_form_of_compose(self):
        program = from_pip("check-jsonschema==0.39.0", "check-jsonschema")
        validate(program, "--builtin-schema", "vendor.compose-spec", self.path)

    def test_what_is_mounted_is_there_and_read_only(self):
        for name, service in self.services.items():
            for volume in service.get("volumes", []):
                if volume.startswith("."):
                    self.assertTrue(volume.endswith(":ro"), volume)
            for there, path in self.mounts(name).items():
                self.assertTrue(path.exists(), f"{name}: {there} is to be {path}")

    def test_only_this_machine_reaches_what_is_published(self):
        published = {name: service["ports"] for name, service in self.services.items()
                     if "ports" in service}
        self.assertEqual(sorted(published), ["grafana", "prometheus", "proxy"])
        for ports in published.values():
            for port in ports:
                self.assertRegex(port, r"^127\.0\.0\.1:(\d+):\1$")

    def test_the_server_takes_its_variables_and_has_time_to_drain(self):
        server = self.services["trawl"]
        options = effective(server["environment"])
        self.assertGreaterEqual(seconds(server["stop_grace_period"]), drain_seconds(options))
        check = re.search(r"inter (\d+)s fastinter (\d+)ms fall (\d+)",
                          (DOCKER / "proxy/haproxy.cfg").read_text(encoding="utf-8"))
        every, again, fall = map(int, check.groups())
        self.assertGreater(options["drain_delay_seconds"], every + again / 1000 * (fall - 1),
                           "the proxy has to see that a server drains")

    def test_ports_agree(self):
        calls, metrics = image_ports()
        proxy = self.services["proxy"]["environment"]
        self.assertEqual(proxy["TRAWL_PROXY_SERVER"], f"trawl:{calls}")
        self.assertIn("127.0.0.1:{0}:{0}".format(proxy["TRAWL_PROXY_LISTEN"].strip(":")),
                      self.services["proxy"]["ports"])
        address = self.services["trawl"]["environment"]["TRAWL_METRICS_ADDRESS"]
        self.assertEqual(address, f"0.0.0.0:{metrics}")
        there = self.mounts("prometheus")
        file, = (word.partition("=")[2] for word in self.services["prometheus"]["command"]
                 if word.startswith("--config.file="))
        prometheus = load(there[os.path.dirname(file)] / os.path.basename(file))
        targets = [target for job in prometheus["scrape_configs"]
                   for static in job.get("static_configs", []) for target in static["targets"]]
        self.assertIn(f"trawl:{metrics}", targets)
        for rules in prometheus.get("rule_files", []):
            self.assertTrue(list(there[os.path.dirname(file)].glob(rules)), rules)

    def test_grafana_finds_prometheus_and_the_dashboards(self):
        mounts = self.mounts("grafana")
        provisioning = mounts["/etc/grafana/provisioning"]
        sources = [source for path in provisioning.glob("datasources/*.y*ml")
                   for source in load(path)["datasources"]]
        self.assertEqual([source["url"] for source in sources], ["http://prometheus:9090"])
        folders = [provider["options"]["path"] for path in provisioning.glob("dashboards/*.y*ml")
                   for provider in load(path)["providers"]]
        self.assertEqual(len(folders), 1)
        self.assertTrue(list(mounts[folders[0]].glob("*.json")), "no dashboard")


@unittest.skipIf(yaml is None, NO_YAML)
class KubernetesTest(unittest.TestCase):
    def setUp(self):
        self.by_kind = {one["kind"]: one for one in self.render()}
        self.deployment = self.by_kind["Deployment"]["spec"]
        self.pod = self.deployment["template"]["spec"]
        self.container, = self.pod["containers"]
        self.variables = {one["name"]: one["value"] for one in self.container["env"]}
        self.ports = {one["name"]: one["containerPort"] for one in self.container["ports"]}

    def render(self):
        """The objects that `kubectl apply --kustomize` makes; where there is no kubectl, what the
        files say, in the namespace of the kustomization."""
        if shutil.which("kubectl") is not None:
            ended = subprocess.run(["kubectl", "kustomize", MANIFESTS], capture_output=True,
                                   text=True, timeout=PATIENCE)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            return list(yaml.safe_load_all(ended.stdout))
        kustomization = load(MANIFESTS / "kustomization.yaml")
        objects = [load(MANIFESTS / name) for name in kustomization["resources"]]
        for one in objects:
            if one["kind"] != "Namespace":
                one["metadata"]["namespace"] = kustomization["namespace"]
        return objects

    def test_kubectl_renders_what_the_files_say(self):
        if shutil.which("kubectl") is None:
            self.skipTest("kubectl is absent")
        self.assertEqual(len(self.render()),
                         len(load(MANIFESTS / "kustomization.yaml")["resources"]))

    def test_they_have_the_form_of_kubernetes(self):
        program = from_pip("kubernetes-validate==1.37.0", "kubernetes-validate")
        for path in sorted(MANIFESTS.glob("*.yaml")):
            if path.name not in ("kustomization.yaml", "prometheus-adapter.yaml",
                                 "service-monitor.yaml"):
                validate(program, "--strict", path)

    def test_all_are_in_one_namespace_and_choose_the_pods_of_the_deployment(self):
        labels = self.deployment["template"]["metadata"]["labels"]
        name = self.by_kind["Namespace"]["metadata"]["name"]
        self.assertEqual({one["metadata"].get("namespace", name)
                          for one in self.by_kind.values()}, {name})
        spread, = self.pod["topologySpreadConstraints"]
        specs = {kind: one.get("spec") for kind, one in self.by_kind.items()}
        for selector in (self.deployment["selector"]["matchLabels"],
                         specs["Service"]["selector"],
                         specs["PodDisruptionBudget"]["selector"]["matchLabels"],
                         specs["NetworkPolicy"]["podSelector"]["matchLabels"],
                         spread["labelSelector"]["matchLabels"]):
            self.assertEqual(selector, labels)
        self.assertEqual(specs["ServiceMonitor"]["selector"]["matchLabels"],
                         self.by_kind["Service"]["metadata"]["labels"])
        target = specs["HorizontalPodAutoscaler"]["scaleTargetRef"]
        self.assertEqual((target["kind"], target["name"]),
                         ("Deployment", self.by_kind["Deployment"]["metadata"]["name"]))
        self.assertNotIn("replicas", self.deployment, "the autoscaler has their number")

    def test_ports_agree(self):
        calls, metrics = image_ports()
        self.assertEqual(self.ports, {"grpc": calls, "metrics": metrics})
        self.assertEqual(self.variables["TRAWL_METRICS_ADDRESS"], f"0.0.0.0:{metrics}")
        service = self.by_kind["Service"]["spec"]
        self.assertEqual(service["clusterIP"], "None")
        self.assertEqual({one["name"]: one["port"] for one in service["ports"]}, self.ports)
        named = [one["targetPort"] for one in service["ports"]]
        named += [port["port"] for rule in self.by_kind["NetworkPolicy"]["spec"]["ingress"]
                  for port in rule["ports"]]
        named += [one["port"] for one in self.by_kind["ServiceMonitor"]["spec"]["endpoints"]]
        self.assertEqual(set(named), set(self.ports))
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            self.assertEqual(self.container[probe]["grpc"]["port"], calls)

    def test_a_pod_has_time_to_drain_and_clients_to_find_its_successor(self):
        options = effective(self.variables)
        self.assertGreater(options["drain_delay_seconds"], 0, "endpoints are removed meanwhile")
        self.assertNotIn("lifecycle", self.container, "a preStop hook would count too")
        self.assertGreaterEqual(self.pod["terminationGracePeriodSeconds"], drain_seconds(options))
        rolling = self.deployment["strategy"]["rollingUpdate"]
        self.assertEqual((rolling["maxSurge"], rolling["maxUnavailable"]), (1, 0))
        least = self.by_kind["HorizontalPodAutoscaler"]["spec"]["minReplicas"]
        self.assertGreater(least * self.deployment["minReadySeconds"], RESOLUTION_SECONDS)
        liveness = self.container["livenessProbe"]
        self.assertGreater(liveness["periodSeconds"] * liveness["failureThreshold"],
                           options["watchdog_seconds"])

    def test_a_pod_has_whole_cpus_and_the_memory_of_its_limits(self):
        resources = self.container["resources"]
        self.assertEqual(resources["requests"], resources["limits"], "else not Guaranteed")
        self.assertRegex(resources["limits"]["cpu"], r"^\d+$")
        gibibytes = int(re.fullmatch(r"(\d+)Gi", resources["limits"]["memory"]).group(1))
        options = effective(self.variables)
        self.assertGreaterEqual(gibibytes << 30, 2 * (options["memory_quota_bytes"]
                                                      + options["max_bytes_in_flight"]))

    def test_a_pod_has_no_rights(self):
        self.assertFalse(self.pod["automountServiceAccountToken"])
        self.assertTrue(self.pod["securityContext"]["runAsNonRoot"])
        self.assertEqual(self.pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
        self.assertEqual(self.container["securityContext"], {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]}})
        user = self.pod["securityContext"]["runAsUser"]
        self.assertIn(f"USER {user}:{user}", (DOCKER / "Dockerfile").read_text(encoding="utf-8"))
        self.assertEqual(self.by_kind["NetworkPolicy"]["spec"]["policyTypes"],
                         ["Ingress", "Egress"])

    def test_the_autoscaler_asks_for_what_the_adapter_makes(self):
        rule, = load(MANIFESTS / "prometheus-adapter.yaml")["rules"]
        series = rule["seriesQuery"].partition("{")[0]
        made = re.sub(rule["name"]["matches"], rule["name"]["as"].replace("${1}", r"\1"), series)
        metric, = self.by_kind["HorizontalPodAutoscaler"]["spec"]["metrics"]
        self.assertEqual(metric["pods"]["metric"]["name"], made)
        with Server("--metrics_address=127.0.0.1:0") as server:
            self.assertEqual(scrape(server).types[series.removesuffix("_bucket")], "histogram")

    def test_the_metric_of_the_autoscaler_is_the_wait_of_each_pod_and_0_without_calls(self):
        if shutil.which("promtool") is None:
            self.skipTest("promtool is not installed (scripts/setup --dev)")
        rule, = load(MANIFESTS / "prometheus-adapter.yaml")["rules"]
        name = rule["seriesQuery"].partition("{")[0]
        query = rule["metricsQuery"]
        for hole, filling in (("Series", name), ("LabelMatchers", 'namespace="trawl"'),
                              ("GroupBy", "pod")):
            query = query.replace(f"<<.{hole}>>", filling)

        def series(pod, bound, values):
            return {"series": f'{name}{{namespace="trawl",pod="{pod}",le="{bound}"}}',
                    "values": values}

        test = {"evaluation_interval": "15s", "tests": [{
            "interval": "15s",
            "input_series": [series("busy", "0.1", "0+0x20"), series("busy", "1", "0+10x20"),
                             series("busy", "+Inf", "0+10x20"),
                             *(series("idle", bound, "5+0x20") for bound in ("0.1", "1", "+Inf"))],
            "promql_expr_test": [{"expr": query, "eval_time": "5m", "exp_samples": [
                {"labels": '{pod="busy"}', "value": 0.91},
                {"labels": '{pod="idle"}', "value": 0}]}],
        }]}
        with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as file:
            json.dump(test, file)
            file.flush()
            validate("promtool", "test", "rules", file.name)
