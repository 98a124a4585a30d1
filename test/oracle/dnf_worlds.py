#!/usr/bin/python3
"""dnf on many small worlds in one process. usage: dnf_worlds.py < WORLDS
WORLDS has one JSON object a line: {"architecture", "repos": [{"id", "priority", "primary"}], "requests": [{"install": [...], "weak", "best",
"exclude": [...]}]}. Prints a line for each: a list of the sorted packages that dnf would install into an empty root, or null where it refuses."""
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

warnings.simplefilter('ignore')
hawkey.warnings.simplefilter = lambda *args, **keys: None
top = tempfile.mkdtemp(prefix='rpm-deps-worlds-', dir='/dev/shm' if os.path.isdir('/dev/shm') else None)
base = dnf.Base()
base.conf.installroot = base.conf.logdir = base.conf.persistdir = base.conf.cachedir = top
base.conf.substitutions.update(arch='x86_64', basearch='x86_64', releasever='9')


def load(world, folder):
    sack = dnf.sack.Sack(pkgcls=dnf.package.Package, pkginitval=base, arch=world['architecture'], cachedir=folder,
                         rootdir=folder, logfile='/dev/null', make_cache_dir=True)
    for index, entry in enumerate(world['repos']):
        repo = hawkey.Repo(entry['id'])
        primary = os.path.join(folder, f'primary-{index}.xml')
        with open(primary, 'w') as file:
            file.write(entry['primary'])
        repomd = os.path.join(folder, f'repomd-{index}.xml')
        with open(repomd, 'w') as file:
            file.write(f'<repomd><revision>{index}</revision><data type="primary"><location href="primary-{index}.xml"/></data></repomd>\n')
        repo.repomd_fn, repo.primary_fn = repomd, primary
        repo.priority, repo.cost = entry['priority'], 1000
        # With the cache, which dnf always writes: it sorts the dependencies of each package.
        sack.load_repo(repo, build_cache=True)
    # Which of more kernels than the limit stay in an empty root depends on the sort function of the C library (docs/solver.md).
    sack.installonly, sack.installonly_limit = base.conf.installonlypkgs, 0
    return sack


def answer(sack, request):
    sack.reset_excludes()
    for glob in request['exclude']:
        sack.add_excludes(dnf.subject.Subject(glob).get_best_query(sack, with_nevra=True, with_provides=False, with_filenames=False))
    base._sack, base._goal = sack, dnf.goal.Goal(sack)
    base.conf.best, base.conf.install_weak_deps = request['best'], request['weak']
    try:
        for spec in request['install']:
            base.install(spec)
    except dnf.exceptions.Error:
        return None
    if not base._run_hawkey_goal(base._goal, False):
        return None
    return sorted(f'{p.name}-{p.epoch}:{p.version}-{p.release}.{p.arch}' for p in base._goal.list_installs())


try:
    for number, line in enumerate(sys.stdin):
        folder = os.path.join(top, str(number))
        os.mkdir(folder)
        world = json.loads(line)
        sack = load(world, folder)
        print(json.dumps([answer(sack, request) for request in world['requests']]), flush=True)
        del sack
        base._sack = base._goal = None
        shutil.rmtree(folder)
finally:
    shutil.rmtree(top)
