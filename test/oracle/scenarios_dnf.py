#!/usr/bin/python3
"""What dnf answers to scenarios. stdin: a JSON object a line, {"architecture", "repos": [{"id", "path", "priority", "hotfixes", "exclude"}],
"installed": path or null, "requests": [{"install", "upgrade", "distro_sync", "reinstall", "remove", "erasing", "weak", "best", "exclude", "enable", "disable", "repositories"}]}; paths are folders with repodata/.
stdout: a line for each, a list of sorted ["name-epoch:version-release.arch", repository] pairs, or {"refused": text}."""
import json
import os
import shutil
import sys
import tempfile

import dnf
import dnf.exceptions
import dnf.module.module_base

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../tools'))
from installed_system import change_installed, install  # noqa: E402

cache = tempfile.mkdtemp(prefix="scenarios-dnf-")


def make_system(world, root):
    """An rpm database of what is installed before."""
    base = dnf.Base()
    conf = base.conf
    conf.installroot = conf.logdir = conf.persistdir = root
    conf.cachedir = root + "/cache-before"
    conf.reposdir = []
    conf.plugins, conf.ignorearch = False, True
    conf.substitutions["releasever"] = "9"
    for key in ("arch", "basearch"):
        conf.substitutions[key] = world["architecture"]
    base.repos.add_new_repo("installed", conf, baseurl=["file://" + world["installed"]])
    base.fill_sack(load_system_repo=False)
    install(list(base.sack.query()), root)
    base.close()


def answer(world, request):
    root = tempfile.mkdtemp(prefix="root-", dir=cache)
    if world["installed"]:
        make_system(world, root)
    base = dnf.Base()
    conf = base.conf
    conf.installroot = conf.logdir = conf.persistdir = root
    conf.cachedir = root + "/cache"
    conf.reposdir = []
    conf.plugins = conf.gpgcheck = conf.clean_requirements_on_remove = False
    conf.protected_packages = []
    conf.module_platform_id = "platform:el9"
    conf.ignorearch = True
    conf.install_weak_deps, conf.best = request["weak"], request["best"]
    conf.excludepkgs = request["exclude"]
    conf.substitutions["releasever"] = "9"
    for key in ("arch", "basearch"):
        conf.substitutions[key] = world["architecture"]
    for entry in world["repos"]:
        if request["repositories"] is not None and entry["id"] not in request["repositories"]:
            continue
        repo = base.repos.add_new_repo(entry["id"], conf, baseurl=["file://" + entry["path"]])
        repo.priority, repo.module_hotfixes, repo.excludepkgs = entry["priority"], entry["hotfixes"], entry["exclude"]
    try:
        base.fill_sack(load_system_repo=bool(world["installed"]))
        base.read_comps(arch_filter=True)
        modules = dnf.module.module_base.ModuleBase(base)
        if request["disable"]:
            modules.disable(request["disable"])
        if request["enable"]:
            modules.enable(request["enable"])
        change_installed(base, request)
        base.install_specs(request["install"], strict=True)
        base.resolve(allow_erasing=request["erasing"])
        transaction = base.transaction
        told = [(p, p.reponame) for p in transaction.install_set] + [(p, "gone") for p in transaction.remove_set]
        return sorted(["%s-%s:%s-%s.%s" % (p.name, p.epoch, p.version, p.release, p.arch), where] for p, where in told)
    except dnf.exceptions.Error as e:
        return {"refused": str(e)}
    finally:
        base.close()
        shutil.rmtree(root, ignore_errors=True)


try:
    for line in sys.stdin:
        world = json.loads(line)
        print(json.dumps([answer(world, request) for request in world["requests"]]), flush=True)
finally:
    shutil.rmtree(cache, ignore_errors=True)
