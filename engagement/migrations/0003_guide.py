import django.db.models.deletion
import engagement.models.answers
import engagement.models.dates
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagement', '0002_languages'),
    ]

    operations = [
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='asked_of',
            field=engagement.models.answers.AnswersField(blank=True, default='', help_text='The answers to which the criterion is confined; none: it is asked of everyone', max_length=600, verbose_name='asked only of'),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='meeting',
            field=models.ForeignKey(blank=True, help_text='Where the source speaks of one meeting alone; the guide says so beside the criterion', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='engagement.meeting', verbose_name='published for the meeting'),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='met_by',
            field=engagement.models.answers.AnswersField(blank=True, default='', help_text='The answers that meet it: one of those ticked under each question, and all of the papers ticked. None: the guide shows the criterion and cannot judge it', max_length=600, verbose_name='met by'),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='since',
            field=engagement.models.dates.PartialDateField(blank=True, default='', help_text='2006-11-15, 2006-11, 2006, 2014~ (about), 194X, 2011/2013', max_length=23, verbose_name='since'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='meeting',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Where the source speaks of one meeting alone; the guide says so beside the criterion', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='engagement.meeting', verbose_name='published for the meeting'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='since',
            field=engagement.models.dates.PartialDateField(blank=True, default='', help_text='2006-11-15, 2006-11, 2006, 2014~ (about), 194X, 2011/2013', max_length=23, verbose_name='since'),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='until',
            field=engagement.models.dates.PartialDateField(blank=True, default='', help_text='2006-11-15, 2006-11, 2006, 2014~ (about), 194X, 2011/2013', max_length=23, verbose_name='until'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='until',
            field=engagement.models.dates.PartialDateField(blank=True, default='', help_text='2006-11-15, 2006-11, 2006, 2014~ (about), 194X, 2011/2013', max_length=23, verbose_name='until'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='asked_of',
            field=engagement.models.answers.AnswersField(blank=True, default='', help_text='The answers to which the criterion is confined; none: it is asked of everyone', max_length=600, verbose_name='asked only of'),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='met_by',
            field=engagement.models.answers.AnswersField(blank=True, default='', help_text='The answers that meet it: one of those ticked under each question, and all of the papers ticked. None: the guide shows the criterion and cannot judge it', max_length=600, verbose_name='met by'),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='since_earliest',
            field=models.GeneratedField(db_persist=True, expression=engagement.models.dates.EarliestDay(models.F('since')), output_field=engagement.models.dates.ByteOrderedCharField(max_length=10)),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='since_latest',
            field=models.GeneratedField(db_persist=True, expression=engagement.models.dates.LatestDay(models.F('since')), output_field=engagement.models.dates.ByteOrderedCharField(max_length=10)),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='since_earliest',
            field=models.GeneratedField(db_persist=True, expression=engagement.models.dates.EarliestDay(models.F('since')), output_field=engagement.models.dates.ByteOrderedCharField(max_length=10)),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='since_latest',
            field=models.GeneratedField(db_persist=True, expression=engagement.models.dates.LatestDay(models.F('since')), output_field=engagement.models.dates.ByteOrderedCharField(max_length=10)),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='until_earliest',
            field=models.GeneratedField(db_persist=True, expression=engagement.models.dates.EarliestDay(models.F('until')), output_field=engagement.models.dates.ByteOrderedCharField(max_length=10)),
        ),
        migrations.AddField(
            model_name='eligibilitycriterion',
            name='until_latest',
            field=models.GeneratedField(db_persist=True, expression=engagement.models.dates.LatestDay(models.F('until')), output_field=engagement.models.dates.ByteOrderedCharField(max_length=10)),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='until_earliest',
            field=models.GeneratedField(db_persist=True, expression=engagement.models.dates.EarliestDay(models.F('until')), output_field=engagement.models.dates.ByteOrderedCharField(max_length=10)),
        ),
        migrations.AddField(
            model_name='historicaleligibilitycriterion',
            name='until_latest',
            field=models.GeneratedField(db_persist=True, expression=engagement.models.dates.LatestDay(models.F('until')), output_field=engagement.models.dates.ByteOrderedCharField(max_length=10)),
        ),
        # Last: it compares generated columns, which the table must have.
        migrations.AddConstraint(
            model_name='eligibilitycriterion',
            constraint=models.CheckConstraint(condition=models.Q(('since', ''), ('until', ''), ('since_earliest__lte', models.F('until_latest')), _connector='OR'), name='engagement_eligibilitycriterion_dates_ordered', violation_error_message='The end lies before the beginning.'),
        ),
    ]
