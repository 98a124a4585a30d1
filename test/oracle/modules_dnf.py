"""Which packages dnf lets through its modular filtering.
stdin: {"mirror", "architecture", "repositories": [...], "hotfixes": [...], "worlds": [{"enable": [...], "disable": [...]}]}
stdout: one {"available": [NEVRA], "active": [name:stream:version:context], "errors": [text]} for each world"""
import json
import os
import shutil
import sys
import tempfile

import dnf
import dnf.exceptions
import dnf.module.module_base

query = json.load(sys.stdin)
cache = tempfile.mkdtemp(prefix="modules-dnf-cache-")


def answer(world):
    root = tempfile.mkdtemp(prefix="modules-dnf-root-")
    base = dnf.Base()
    conf = base.conf
    conf.installroot = root
    conf.cachedir = cache
    conf.logdir = root
    conf.persistdir = root + "/p"
    conf.reposdir = []
    conf.plugins = False
    conf.gpgcheck = False
    conf.metadata_expire = -1
    conf.module_platform_id = "platform:el9"
    conf.ignorearch = True
    conf.substitutions["releasever"] = "9"
    for key in ("arch", "basearch"):
        conf.substitutions[key] = query["architecture"]
    for name in query["repositories"]:
        path = os.path.join(query["mirror"], name.replace("$basearch", query["architecture"]))
        repo = base.repos.add_new_repo(name.split("/")[0], conf, baseurl=["file://" + path])
        repo.module_hotfixes = name in query.get("hotfixes", [])
    base.fill_sack(load_system_repo=False)
    modules = dnf.module.module_base.ModuleBase(base)
    errors = []
    # Complaints about defaults come as errors as well, and are no reason to stop.
    for change, specs in ((modules.disable, world["disable"]), (modules.enable, world["enable"])):
        try:
            if specs:
                change(specs)
        except dnf.exceptions.Error as e:
            errors.append(str(e))
    container = base._moduleContainer
    active = [m for m in container.getModulePackages() if container.isModuleActive(m.getId())]
    result = {
        "available": sorted("%s-%s:%s-%s.%s" % (p.name, p.epoch, p.version, p.release, p.arch) for p in base.sack.query()),
        "active": sorted("%s:%s:%s" % (m.getNameStreamVersion(), m.getContext(), m.getRepoID()) for m in active),
        "errors": errors,
    }
    base.close()
    shutil.rmtree(root, ignore_errors=True)
    return result


try:
    json.dump([answer(world) for world in query["worlds"]], sys.stdout)
finally:
    shutil.rmtree(cache, ignore_errors=True)
