"""What dnf would install into an empty root. usage: dnf_closure.py REPODIR... ARCH < [["spec", ...], ...]; prints one sorted list, or null, a request."""
import json
import sys
import tempfile

import dnf
import dnf.exceptions

*directories, arch = sys.argv[1:]
root = tempfile.TemporaryDirectory(prefix='rpm-deps-dnf-')
base = dnf.Base()
conf = base.conf
conf.installroot = conf.logdir = conf.persistdir = root.name
conf.cachedir = root.name + '/cache'
conf.reposdir, conf.plugins = [], False
conf.install_weak_deps, conf.best, conf.gpgcheck, conf.ignorearch = False, False, False, True
conf.module_platform_id = 'platform:el9'
conf.substitutions.update(arch=arch, basearch=arch, releasever='9')
conf.optional_metadata_types = ['filelists']
for index, directory in enumerate(directories):
    base.repos.add_new_repo(f'repo{index}', conf, baseurl=['file://' + directory])
base.fill_sack(load_system_repo=False)
answers = []
for specs in json.load(sys.stdin):
    base.reset(goal=True)
    try:
        for spec in specs:
            base.install(spec)
        base.resolve()
        answers.append(sorted(f'{p.name}-{p.epoch}:{p.version}-{p.release}.{p.arch}' for p in base.transaction.install_set))
    except dnf.exceptions.Error:
        answers.append(None)
json.dump(answers, sys.stdout)
