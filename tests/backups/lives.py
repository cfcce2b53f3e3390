"""A register that people have worked with, and a digest of all of it: code for a portal's own process."""

# What staff, the public and erasures leave besides the fixtures, and keys that were given and are free again.
LIVED = """
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django_otp.plugins.otp_totp.models import TOTPDevice
from engagement.desk.erasing import erase
from engagement.desk.models import ImportRun, Operation
from engagement.models import Contact, Organization, Region, Source
officer = get_user_model().objects.create_superuser("vera", "vera@canary.example", "a long passphrase")
TOTPDevice.objects.create(user=officer, name="telephone", key="ab" * 20)
session = SessionStore()
session["kept"] = "yes"
session.save()
source = Source.objects.first()
source.note = "Edited by hand: é, “quoted”, \\\\ and\\ttabs\\nin it"
source.save()
whom = dict(purpose="a test", lawful_basis="consent", source=source)
erase(Contact.objects.create(name="Erased Canary", email="erased@canary.example", **whom), actor=None)
Contact.objects.create(name="Vera Canary", email="vera@canary.example", **whom)
ImportRun.objects.create(kind="organizations", file_name="a.csv", sha256="0" * 64, size=4, body=bytes([0, 255, 92, 10]),
                         mapping={"Ünï": "name"}, counts={"b": 1, "a": [None, 1.5, True]})
for number in range(3):
    Region.objects.create(slug=f"gone-{number}", name="Gone")
Region.objects.filter(name="Gone").delete()
"""
# How far the log is, a digest of it, one of every row of every model, and the same without the keys of links, which
# nobody knows. Equal on both engines.
EVERYTHING = """
import hashlib, json
from django.apps import apps
from engagement import freshness
log = hashlib.sha256(json.dumps([[c.number, c.table, c.key, c.action, str(c.at)[:23], c.name]
                                 for c in freshness.changes(0)]).encode())
rows, said = hashlib.sha256(), hashlib.sha256()
def plain(value):
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value)
for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table):
    names = [field.attname for field in model._meta.concrete_fields]
    found = sorted((list(row) for row in model._base_manager.values_list(*names)), key=lambda row: str(row[0]))
    rows.update(json.dumps([model._meta.db_table, found], sort_keys=True, default=plain).encode())
    told = sorted(row[1:] for row in found) if model._meta.auto_created else found
    said.update(json.dumps([model._meta.db_table, told], sort_keys=True, default=plain).encode())
print(freshness.revision(), log.hexdigest(), rows.hexdigest(), said.hexdigest())
"""
