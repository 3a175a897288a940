import time
from tests.fuzz import *
from tests.test_fuzz import peers_of, readable, IN_FULL
import pytest
@pytest.mark.parametrize("persona",["nobody","patient","admin"])
def test_d(app, home, persona):
    permissions = operations(app)
    own = {label for label, name in permissions.items() if actor(name) == persona}
    lists = frozenset(label for label, name in permissions.items() if readable(label, name, persona))
    f=Fuzz(home,persona,peers_of(home,persona))
    orig=Report.add
    T=Counter(); N=Counter()
    def add(self,e):
        orig(self,e)
        if isinstance(e,events.ScenarioFinished):
            T[(e.phase.value,e.label)]+=e.elapsed_time; N[(e.phase.value,e.label)]+=len(e.recorder.interactions)
    Report.add=add
    t=time.process_time()
    try: r=f.run(IN_FULL,own,lists)
    finally: Report.add=orig
    print("CPU",persona,time.process_time()-t,sum(T.values()),sum(N.values()))
    for k,v in T.most_common(9): print(round(v,2),N[k],k)
    print({l:dict((s,n) for (o,s),n in sorted(r.answers.items()) if o==l) for l in own|lists})
    print(r.peers_asked)
