import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagement', '0003_guide'),
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveBigIntegerField(verbose_name='revision')),
                ('collection', models.CharField(max_length=40, verbose_name='collection')),
                ('query', models.CharField(blank=True, max_length=2500, verbose_name='question')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('facts', models.JSONField(blank=True, default=list, verbose_name='facts')),
                ('columns', models.JSONField(blank=True, default=list, verbose_name='columns')),
                ('rows', models.PositiveIntegerField(verbose_name='rows')),
                ('site', models.CharField(max_length=300, verbose_name='site')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(verbose_name='bytes')),
                ('body', models.BinaryField(verbose_name='body')),
                ('kept_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='kept')),
                ('kept_by', models.CharField(choices=[('reader', 'a reader'), ('operator', 'the operator')], max_length=10, verbose_name='kept by')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('withdrawn_reason', models.TextField(blank=True, verbose_name='why it was withdrawn')),
            ],
            options={
                'verbose_name': 'snapshot',
                'verbose_name_plural': 'snapshots',
                'ordering': ('-kept_at', '-pk'),
                'permissions': (('withdraw_snapshot', 'Can withdraw snapshots'),),
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('revision', 'collection', 'query'), name='engagement_snapshot_once_a_revision'), models.CheckConstraint(condition=models.Q(('kept_by__in', ['reader', 'operator'])), name='engagement_snapshot_kept_by_known'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_reason', '')), models.Q(('body', b''), ('withdrawn_at__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='engagement_snapshot_withdrawn_with_reason'), models.CheckConstraint(condition=models.Q(('collection', ''), _negated=True), name='engagement_snapshot_collection_filled'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='engagement_snapshot_title_filled'), models.CheckConstraint(condition=models.Q(('site', ''), _negated=True), name='engagement_snapshot_site_filled'), models.CheckConstraint(condition=models.Q(('sha256', ''), _negated=True), name='engagement_snapshot_sha256_filled')],
            },
        ),
    ]
