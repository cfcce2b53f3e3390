import engagement.models.dates
from django.db import migrations, models

from engagement.search import normalise


def sort_by_the_name_in_each_language(apps, schema_editor):
    """Countries that are there already get what saving one gives it."""
    Country = apps.get_model("engagement", "Country")
    countries = list(Country.objects.all())
    for country in countries:
        country.sort_name_fr = normalise(country.name_fr or country.name)
        country.sort_name_es = normalise(country.name_es or country.name)
    Country.objects.bulk_update(countries, ["sort_name_fr", "sort_name_es"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('engagement', '0001_initial'),
    ]

    operations = [
        # Fixtures that move a country to a cell which another one leaves are loaded row by row.
        migrations.RemoveConstraint(
            model_name='country',
            name='engagement_country_tile_unique',
        ),
        migrations.AlterModelOptions(
            name='actorgroup',
            options={'ordering': ['order', 'slug'], 'verbose_name': 'actor group', 'verbose_name_plural': 'actor groups'},
        ),
        migrations.AlterModelOptions(
            name='affiliation',
            options={'ordering': ['slug'], 'verbose_name': 'affiliation', 'verbose_name_plural': 'affiliations'},
        ),
        migrations.AlterModelOptions(
            name='attendance',
            options={'ordering': ['-meeting__start_earliest', 'name_as_printed', 'key'], 'verbose_name': 'attendance', 'verbose_name_plural': 'attendances'},
        ),
        migrations.AlterModelOptions(
            name='constituent',
            options={'ordering': ['sort_name', 'key'], 'verbose_name': 'constituent', 'verbose_name_plural': 'constituents'},
        ),
        migrations.AlterModelOptions(
            name='consultativecategory',
            options={'ordering': ['order', 'slug'], 'verbose_name': 'consultative category', 'verbose_name_plural': 'consultative categories'},
        ),
        migrations.AlterModelOptions(
            name='consultativelink',
            options={'ordering': ['organization__sort_name', 'key'], 'verbose_name': 'consultative link', 'verbose_name_plural': 'consultative links'},
        ),
        migrations.AlterModelOptions(
            name='consultativestatus',
            options={'ordering': ['organization__sort_name', 'category__order', '-granted_earliest', 'key'], 'verbose_name': 'consultative status', 'verbose_name_plural': 'consultative statuses'},
        ),
        migrations.AlterModelOptions(
            name='contact',
            options={'ordering': ['name', 'key'], 'verbose_name': 'contact', 'verbose_name_plural': 'contacts'},
        ),
        migrations.AlterModelOptions(
            name='country',
            options={'ordering': ['sort_name', 'iso2'], 'verbose_name': 'country', 'verbose_name_plural': 'countries'},
        ),
        migrations.AlterModelOptions(
            name='discrepancy',
            options={'ordering': ['kind', 'label', 'field', 'key'], 'verbose_name': 'discrepancy', 'verbose_name_plural': 'discrepancies'},
        ),
        migrations.AlterModelOptions(
            name='eligibilitycriterion',
            options={'ordering': ['scope', 'category__order', 'order', 'key'], 'verbose_name': 'eligibility criterion', 'verbose_name_plural': 'eligibility criteria'},
        ),
        migrations.AlterModelOptions(
            name='furthersource',
            options={'ordering': ['kind', 'record_key', 'key'], 'verbose_name': 'further source', 'verbose_name_plural': 'further sources'},
        ),
        migrations.AlterModelOptions(
            name='informationresource',
            options={'ordering': ['order', 'key'], 'verbose_name': 'information resource', 'verbose_name_plural': 'information resources'},
        ),
        migrations.AlterModelOptions(
            name='initiative',
            options={'ordering': ['order', 'key'], 'verbose_name': 'initiative', 'verbose_name_plural': 'initiatives'},
        ),
        migrations.AlterModelOptions(
            name='instrument',
            options={'ordering': ['kind', 'number', 'code'], 'verbose_name': 'instrument', 'verbose_name_plural': 'instruments'},
        ),
        migrations.AlterModelOptions(
            name='instrumentamendment',
            options={'ordering': ['instrument', 'date_earliest', 'key'], 'verbose_name': 'instrument amendment', 'verbose_name_plural': 'instrument amendments'},
        ),
        migrations.AlterModelOptions(
            name='invitation',
            options={'ordering': ['-meeting__start_earliest', 'organization__sort_name', 'key'], 'verbose_name': 'invitation', 'verbose_name_plural': 'invitations'},
        ),
        migrations.AlterModelOptions(
            name='invitationdecision',
            options={'ordering': ['-date_earliest', 'key'], 'verbose_name': 'invitation decision', 'verbose_name_plural': 'invitation decisions'},
        ),
        migrations.AlterModelOptions(
            name='meeting',
            options={'ordering': ['-start_earliest', 'slug'], 'verbose_name': 'meeting', 'verbose_name_plural': 'meetings'},
        ),
        migrations.AlterModelOptions(
            name='meetingbody',
            options={'ordering': ['order', 'slug'], 'verbose_name': 'meeting body', 'verbose_name_plural': 'meeting bodies'},
        ),
        migrations.AlterModelOptions(
            name='membership',
            options={'ordering': ['country', 'since_earliest'], 'verbose_name': 'membership', 'verbose_name_plural': 'memberships'},
        ),
        migrations.AlterModelOptions(
            name='office',
            options={'ordering': ['order', 'name', 'slug'], 'verbose_name': 'office', 'verbose_name_plural': 'offices'},
        ),
        migrations.AlterModelOptions(
            name='officefigure',
            options={'ordering': ['office', '-value', 'key'], 'verbose_name': 'office figure', 'verbose_name_plural': 'office figures'},
        ),
        migrations.AlterModelOptions(
            name='official',
            options={'ordering': ['-since_earliest', 'key'], 'verbose_name': 'official', 'verbose_name_plural': 'officials'},
        ),
        migrations.AlterModelOptions(
            name='organization',
            options={'ordering': ['sort_name', 'slug'], 'verbose_name': 'organization', 'verbose_name_plural': 'organizations'},
        ),
        migrations.AlterModelOptions(
            name='organizationidentifier',
            options={'ordering': ['scheme', 'value'], 'verbose_name': 'organization identifier', 'verbose_name_plural': 'organization identifiers'},
        ),
        migrations.AlterModelOptions(
            name='organizationlink',
            options={'ordering': ['kind', 'date_earliest', 'key'], 'verbose_name': 'organization link', 'verbose_name_plural': 'organization links'},
        ),
        migrations.AlterModelOptions(
            name='organizationname',
            options={'ordering': ['kind', 'name', 'key'], 'verbose_name': 'organization name', 'verbose_name_plural': 'organization names'},
        ),
        migrations.AlterModelOptions(
            name='participationright',
            options={'ordering': ['category__order', 'meeting_kind', 'key'], 'verbose_name': 'participation right', 'verbose_name_plural': 'participation rights'},
        ),
        migrations.AlterModelOptions(
            name='profilestatement',
            options={'ordering': ['order', 'key'], 'verbose_name': 'profile statement', 'verbose_name_plural': 'profile statements'},
        ),
        migrations.AlterModelOptions(
            name='programme',
            options={'ordering': ['sort_name', 'slug'], 'verbose_name': 'programme', 'verbose_name_plural': 'programmes'},
        ),
        migrations.AlterModelOptions(
            name='project',
            options={'ordering': ['sort_name', 'slug'], 'verbose_name': 'project', 'verbose_name_plural': 'projects'},
        ),
        migrations.AlterModelOptions(
            name='projectpartner',
            options={'ordering': ['role', 'name', 'key'], 'verbose_name': 'project partner', 'verbose_name_plural': 'project partners'},
        ),
        migrations.AlterModelOptions(
            name='projectresult',
            options={'ordering': ['order', 'key'], 'verbose_name': 'project result', 'verbose_name_plural': 'project results'},
        ),
        migrations.AlterModelOptions(
            name='provision',
            options={'ordering': ['instrument', 'article', 'key'], 'verbose_name': 'provision', 'verbose_name_plural': 'provisions'},
        ),
        migrations.AlterModelOptions(
            name='ratification',
            options={'ordering': ['instrument__code', 'country__sort_name', 'key'], 'verbose_name': 'ratification', 'verbose_name_plural': 'ratifications'},
        ),
        migrations.AlterModelOptions(
            name='region',
            options={'ordering': ['order', 'slug'], 'verbose_name': 'region', 'verbose_name_plural': 'regions'},
        ),
        migrations.AlterModelOptions(
            name='relationkind',
            options={'ordering': ['order', 'key'], 'verbose_name': 'relation kind', 'verbose_name_plural': 'relation kinds'},
        ),
        migrations.AlterModelOptions(
            name='rightsarea',
            options={'ordering': ['order', 'key'], 'verbose_name': 'rights area', 'verbose_name_plural': 'rights areas'},
        ),
        migrations.AlterModelOptions(
            name='seat',
            options={'ordering': ['-since_earliest', 'key'], 'verbose_name': 'seat', 'verbose_name_plural': 'seats'},
        ),
        migrations.AlterModelOptions(
            name='source',
            options={'ordering': ['title', 'slug'], 'verbose_name': 'source', 'verbose_name_plural': 'sources'},
        ),
        migrations.AlterModelOptions(
            name='strategicobjective',
            options={'ordering': ['order', 'key'], 'verbose_name': 'strategic objective', 'verbose_name_plural': 'strategic objectives'},
        ),
        migrations.AlterModelOptions(
            name='theme',
            options={'ordering': ['slug'], 'verbose_name': 'theme', 'verbose_name_plural': 'themes'},
        ),
        migrations.AlterModelOptions(
            name='tripartitebody',
            options={'ordering': ['country', 'name', 'key'], 'verbose_name': 'tripartite body', 'verbose_name_plural': 'tripartite bodies'},
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='basis_es',
            field=models.CharField(blank=True, max_length=300, verbose_name='participation depends on, in Spanish'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='basis_fr',
            field=models.CharField(blank=True, max_length=300, verbose_name='participation depends on, in French'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='known_gaps_es',
            field=models.TextField(blank=True, verbose_name='known gaps, in Spanish'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='known_gaps_fr',
            field=models.TextField(blank=True, verbose_name='known gaps, in French'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='name_es',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='name_fr',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in French'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='standing_arrangements_es',
            field=models.CharField(blank=True, max_length=300, verbose_name='standing arrangements, in Spanish'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='standing_arrangements_fr',
            field=models.CharField(blank=True, max_length=300, verbose_name='standing arrangements, in French'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='summary_es',
            field=models.TextField(blank=True, verbose_name='what it is, in Spanish'),
        ),
        migrations.AddField(
            model_name='consultativecategory',
            name='summary_fr',
            field=models.TextField(blank=True, verbose_name='what it is, in French'),
        ),
        migrations.AddField(
            model_name='country',
            name='sort_name_es',
            field=engagement.models.dates.ByteOrderedCharField(blank=True, db_index=True, editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name='country',
            name='sort_name_fr',
            field=engagement.models.dates.ByteOrderedCharField(blank=True, db_index=True, editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='proof_es',
            field=models.CharField(blank=True, max_length=300, verbose_name='what proves it, in Spanish'),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='proof_fr',
            field=models.CharField(blank=True, max_length=300, verbose_name='what proves it, in French'),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='text_es',
            field=models.TextField(blank=True, verbose_name='criterion, in Spanish'),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='text_fr',
            field=models.TextField(blank=True, verbose_name='criterion, in French'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='basis_es',
            field=models.CharField(blank=True, max_length=300, verbose_name='participation depends on, in Spanish'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='basis_fr',
            field=models.CharField(blank=True, max_length=300, verbose_name='participation depends on, in French'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='known_gaps_es',
            field=models.TextField(blank=True, verbose_name='known gaps, in Spanish'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='known_gaps_fr',
            field=models.TextField(blank=True, verbose_name='known gaps, in French'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='name_es',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='name_fr',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in French'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='standing_arrangements_es',
            field=models.CharField(blank=True, max_length=300, verbose_name='standing arrangements, in Spanish'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='standing_arrangements_fr',
            field=models.CharField(blank=True, max_length=300, verbose_name='standing arrangements, in French'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='summary_es',
            field=models.TextField(blank=True, verbose_name='what it is, in Spanish'),
        ),
        migrations.AddField(
            model_name='historicalconsultativecategory',
            name='summary_fr',
            field=models.TextField(blank=True, verbose_name='what it is, in French'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='proof_es',
            field=models.CharField(blank=True, max_length=300, verbose_name='what proves it, in Spanish'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='proof_fr',
            field=models.CharField(blank=True, max_length=300, verbose_name='what proves it, in French'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='text_es',
            field=models.TextField(blank=True, verbose_name='criterion, in Spanish'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='text_fr',
            field=models.TextField(blank=True, verbose_name='criterion, in French'),
        ),
        migrations.AddField(
            model_name='historicalparticipationright',
            name='detail_es',
            field=models.TextField(blank=True, verbose_name='detail, in Spanish'),
        ),
        migrations.AddField(
            model_name='historicalparticipationright',
            name='detail_fr',
            field=models.TextField(blank=True, verbose_name='detail, in French'),
        ),
        migrations.AddField(
            model_name='historicalparticipationright',
            name='right_es',
            field=models.CharField(blank=True, max_length=200, verbose_name='right, in Spanish'),
        ),
        migrations.AddField(
            model_name='historicalparticipationright',
            name='right_fr',
            field=models.CharField(blank=True, max_length=200, verbose_name='right, in French'),
        ),
        migrations.AddField(
            model_name='participationright',
            name='detail_es',
            field=models.TextField(blank=True, verbose_name='detail, in Spanish'),
        ),
        migrations.AddField(
            model_name='participationright',
            name='detail_fr',
            field=models.TextField(blank=True, verbose_name='detail, in French'),
        ),
        migrations.AddField(
            model_name='participationright',
            name='right_es',
            field=models.CharField(blank=True, max_length=200, verbose_name='right, in Spanish'),
        ),
        migrations.AddField(
            model_name='participationright',
            name='right_fr',
            field=models.CharField(blank=True, max_length=200, verbose_name='right, in French'),
        ),
        migrations.AddField(
            model_name='theme',
            name='name_es',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='theme',
            name='name_fr',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in French'),
        ),
        migrations.RunPython(sort_by_the_name_in_each_language, migrations.RunPython.noop, elidable=True),
    ]
