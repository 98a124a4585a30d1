#!/usr/bin/python3
"""dnf on many small installed systems in one process. usage: installed_worlds.py < WORLDS
WORLDS has one JSON object a line: {"architecture", "installed": primary.xml, "repos": [{"id", "priority", "primary"}], "requests": [{"install": [...],
"upgrade", "distro_sync": [...] or "all", "reinstall", "remove": [...], "allow_erasing", "weak", "best", "exclude": [...]}]}. Prints a line for each: a list
of [what comes, what goes], sorted, or null where dnf refuses."""
import json
import os
import shutil
import sys
import tempfile
import warnings

import dnf
import dnf.exceptions
import dnf.goal
import dnf.sack
import dnf.subject
import hawkey

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../tools'))
from installed_system import change_installed, install  # noqa: E402

warnings.simplefilter('ignore')
hawkey.warnings.simplefilter = lambda *args, **keys: None
top = tempfile.mkdtemp(prefix='rpm-deps-worlds-', dir='/dev/shm' if os.path.isdir('/dev/shm') else None)
base = dnf.Base()
base.conf.installroot = base.conf.logdir = base.conf.persistdir = base.conf.cachedir = top
base.conf.substitutions.update(arch='x86_64', basearch='x86_64', releasever='9')
base.conf.clean_requirements_on_remove = False
base.conf.protected_packages = []


def load(architecture, repos, folder, with_system):
    os.makedirs(folder, exist_ok=True)
    sack = dnf.sack.Sack(pkgcls=dnf.package.Package, pkginitval=base, arch=architecture, cachedir=os.path.join(folder, 'cache'),
                         rootdir=folder, logfile='/dev/null', make_cache_dir=True)
    if with_system:
        sack.load_system_repo(build_cache=False)
    for entry in repos:
        repo = hawkey.Repo(entry['id'])
        primary = os.path.join(folder, f'primary-{entry["id"]}.xml')
        with open(primary, 'w') as file:
            file.write(entry['primary'])
        repomd = os.path.join(folder, f'repomd-{entry["id"]}.xml')
        with open(repomd, 'w') as file:
            file.write(f'<repomd><revision>1</revision><data type="primary"><location href="primary-{entry["id"]}.xml"/></data></repomd>\n')
        repo.repomd_fn, repo.primary_fn = repomd, primary
        repo.priority, repo.cost = entry['priority'], 1000
        sack.load_repo(repo)
    sack.installonly, sack.installonly_limit = base.conf.installonlypkgs, 0
    return sack


def nevra(p):
    return f'{p.name}-{p.epoch}:{p.version}-{p.release}.{p.arch}'


def answer(sack, request):
    sack.reset_excludes()
    for glob in request['exclude']:
        sack.add_excludes(dnf.subject.Subject(glob).get_best_query(sack, with_nevra=True, with_provides=False, with_filenames=False))
    base._sack, base._goal = sack, dnf.goal.Goal(sack)
    base.conf.best, base.conf.install_weak_deps = request['best'], request['weak']
    try:
        change_installed(base, request)
        for spec in request['install']:
            base.install(spec)
    except dnf.exceptions.Error:
        return None
    base._set_excludes_from_weak_to_goal()
    if not base._run_hawkey_goal(base._goal, request['allow_erasing']):
        return None
    goal = base._goal
    come = goal.list_installs() + goal.list_upgrades() + goal.list_downgrades() + goal.list_reinstalls()
    gone = set(goal.list_erasures()) | set(goal.list_obsoleted())
    for p in come:
        gone.update(goal.obsoleted_by_package(p))
    return [sorted(map(nevra, come)), sorted(map(nevra, gone))]


def main():
    for number, line in enumerate(sys.stdin):
        folder = os.path.join(top, str(number))
        world = json.loads(line)
        root = os.path.join(folder, 'root')
        before = load(world['architecture'], [{'id': 'installed', 'priority': 99, 'primary': world['installed']}], os.path.join(folder, 'before'), False)
        os.makedirs(root)
        install(list(before.query()), root)
        sack = load(world['architecture'], world['repos'], root, True)
        print(json.dumps([answer(sack, request) for request in world['requests']]), flush=True)
        del sack, before
        base._sack = base._goal = None
        shutil.rmtree(folder)


try:
    main()
finally:
    shutil.rmtree(top)
