"""Which packages dnf takes for groups, environments and module profiles.
stdin: {"mirror", "architecture", "repositories": [...], "specs": ["core", ...]}
stdout: for each spec a sorted list of "name|requires|basearchonly" (of profiles: names that exist), or null where dnf refuses"""
import json
import os
import shutil
import sys
import tempfile

import dnf
import dnf.comps
import dnf.exceptions
import dnf.module.module_base

query = json.load(sys.stdin)
cache = tempfile.mkdtemp(prefix="groups-dnf-cache-")


def fresh():
    root = tempfile.mkdtemp(prefix="groups-dnf-root-", dir=cache)
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
        base.repos.add_new_repo(name.split("/")[0], conf, baseurl=["file://" + path])
    base.fill_sack(load_system_repo=False)
    base.read_comps(arch_filter=True)
    return base


def answer(spec):
    base = fresh()
    try:
        base.install_specs(["@" + spec])
    except dnf.exceptions.Error:
        return None
    finally:
        trans, members = base._comps_trans, base._goal.group_members
    found = ["%s|%s|%s" % (p.name, p.requires or "", bool(p.basearchonly)) for p in trans.install]
    return sorted(set(found) | {"%s||False" % name for name in members})


try:
    json.dump([answer(spec) for spec in query["specs"]], sys.stdout)
finally:
    shutil.rmtree(cache, ignore_errors=True)
