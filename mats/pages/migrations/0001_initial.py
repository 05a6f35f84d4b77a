import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cohorts', '0002_rules_across_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('plan', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('bad', 'not taken'), ('shown', 'waiting for your yes'), ('waiting', 'waiting for its turn'), ('running', 'being stored'), ('done', 'stored'), ('failed', 'not stored'), ('discarded', 'thrown away')], max_length=12)),
                ('note', models.TextField(blank=True, default='')),
                ('bad', models.JSONField(default=list)),
                ('bad_count', models.PositiveIntegerField(default=0)),
                ('difference', models.JSONField(default=list)),
                ('fingerprint', models.CharField(blank=True, default='', max_length=64)),
                ('finished', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.cohort')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='pages.importrun')),
            ],
        ),
        migrations.AddIndex(
            model_name='importrun',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['confirmed_at'], name='import_waiting'),
        ),
        migrations.AddConstraint(
            model_name='importrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', False), _connector='OR'), name='import_done_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='importrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'shown'), _negated=True), models.Q(('fingerprint', ''), _negated=True), _connector='OR'), name='import_shown_is_a_difference'),
        ),
        migrations.AddConstraint(
            model_name='importfile',
            constraint=models.UniqueConstraint(models.F('run'), models.F('kind'), name='import_file_once'),
        ),
    ]
