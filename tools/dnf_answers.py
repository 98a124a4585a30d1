#!/usr/bin/python3
"""dnf as the reference resolver. usage: dnf_answers.py CACHE ARCH OPTIONS REPO=DIR...  < [["spec", ...], ...]
OPTIONS is JSON: {"weak": bool, "best": bool, "exclude": ["glob", ...]}. Prints for each request the sorted packages that dnf would install
into an empty root, or {"error": text}."""
import json
import sys
import tempfile

import dnf
import dnf.exceptions

cache, arch, options, *repos = sys.argv[1:]
options = json.loads(options)
root = tempfile.TemporaryDirectory(prefix='rpm-deps-dnf-')
base = dnf.Base()
conf = base.conf
conf.installroot = conf.logdir = conf.persistdir = root.name
conf.cachedir = cache
conf.reposdir, conf.pluginpath, conf.plugins = [], [], False
conf.install_weak_deps, conf.best = options['weak'], options['best']
conf.excludepkgs = options['exclude']
conf.gpgcheck, conf.ignorearch, conf.metadata_expire = False, True, -1
conf.module_platform_id = 'platform:el9'
conf.substitutions.update(arch=arch, basearch=arch, releasever='9')
conf.optional_metadata_types = ['filelists']
for repo in repos:
    name, directory = repo.split('=', 1)
    base.repos.add_new_repo(name, conf, baseurl=['file://' + directory])
base.fill_sack(load_system_repo=False)
answers = []
for specs in json.load(sys.stdin):
    base.reset(goal=True)
    try:
        for spec in specs:
            base.install(spec)
        base.resolve()
        answers.append(sorted(f'{p.name}-{p.epoch}:{p.version}-{p.release}.{p.arch}' for p in base.transaction.install_set))
    except dnf.exceptions.Error as error:
        answers.append({'error': str(error)})
json.dump(answers, sys.stdout)
