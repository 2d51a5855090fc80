import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_without_wagtail_defaults"),
    ]

    operations = [
        migrations.AddField(
            model_name="keyword",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="Set when the secretariat found it to be the same as another; drafts that still name it carry that one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_keywords",
                to="catalogue.keyword",
            ),
        ),
    ]
