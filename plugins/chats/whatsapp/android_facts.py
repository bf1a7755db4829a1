"""What many small tables of msgstore.db say of a message, gathered into one JSON object a message.

There are dozens of them, nearly all empty, and each release brings more: a join to each would cost more than the messages.
Columns as in the schema of 2022 (the named database) and in a published one of 2026; meaning by their names.
"""

# table, name of the fact, its value as SQL over the alias `t`
ONE_ROW = (
    ("message_ephemeral_setting", "timer_s", "{t.setting_duration}"),
    ("message_ephemeral_setting", "timer_before_s", "NULLIF({t.pre_setting_duration}, 0)"),
    ("message_system_ephemeral_setting_not_applied", "timer_not_applied_s", "{t.setting_duration}"),
    ("message_ephemeral", "kept", "NULLIF({t.keep_in_chat}, 0)"),
    ("message_system_photo_change", "new_photo_id", "{t.new_photo_id}"),
    ("message_system_photo_change", "old_photo_bytes", "length({t.old_photo})"),
    ("message_system_photo_change", "new_photo_bytes", "length({t.new_photo})"),
    ("message_system_device_change", "devices_added", "{t.device_added_count}"),
    ("message_system_device_change", "devices_removed", "{t.device_removed_count}"),
    ("message_system_initial_privacy_provider", "privacy_provider", "NULLIF({t.privacy_provider}, 0)"),
    ("message_system_initial_privacy_provider", "business_name", "{t.verified_biz_name}"),
    ("message_system_initial_privacy_provider", "business_state", "NULLIF({t.biz_state_id}, 0)"),
    ("message_system_business_state", "privacy_message", "{t.privacy_message_type}"),
    ("message_system_business_state", "business_name", "{t.business_name}"),
    ("message_system_group_with_parent", "community_name", "{t.linked_parent_group_name}"),
    ("message_system_linked_group_call", "call_id", "{t.call_id}"),
    ("message_system_linked_group_call", "video", "{t.is_video_call}"),
    ("message_system_username_change", "old_username", "{t.old_username}"),
    ("message_system_username_change", "new_username", "{t.new_username}"),
    ("message_system_scheduled_call_start", "call_title", "{t.call_title}"),
    ("message_scheduled_call", "call_title", "{t.title}"),
    ("message_album", "images", "{t.image_count}"),
    ("message_album", "videos", "{t.video_count}"),
    ("message_poll", "choices_allowed", "NULLIF({t.selectable_options_count}, 0)"),
    ("message_event", "event_name", "{t.name}"),
    ("message_event", "event_description", "{t.description}"),
    ("message_event", "event_place", "COALESCE({t.location_name}, {t.location_address})"),
    ("message_event", "event_link", "{t.join_link}"),
    ("message_event", "event_at", "{t.start_time}"),
    ("message_event", "event_canceled", "NULLIF({t.is_canceled}, 0)"),
    ("message_product", "product", "{t.title}"),
    ("message_product", "product_description", "{t.description}"),
    ("message_product", "product_price_1000", "{t.amount_1000}"),
    ("message_product", "product_currency", "{t.currency_code}"),
    ("message_product", "product_url", "{t.url}"),
    ("message_order", "order", "{t.order_title}"),
    ("message_order", "order_id", "{t.order_id}"),
    ("message_order", "order_items", "{t.item_count}"),
    ("message_order", "order_total_1000", "{t.total_amount_1000}"),
    ("message_order", "order_currency", "{t.currency_code}"),
    ("message_order", "order_message", "{t.message}"),
    ("message_external_ad_content", "ad_title", "{t.title}"),
    ("message_external_ad_content", "ad_text", "{t.body}"),
    ("message_external_ad_content", "ad_url", "{t.source_url}"),
    ("message_ui_elements_reply", "reply", "{t.reply_description}"),
    ("message_quoted_media", "quoted_media_name", "{t.media_name}"),
    ("message_quoted_media", "quoted_media_mime", "{t.mime_type}"),
    ("message_quoted_media", "quoted_media_sha256", "{t.file_hash}"),
    ("message_quoted_location", "quoted_latitude", "{t.latitude}"),
    ("message_quoted_location", "quoted_longitude", "{t.longitude}"),
    ("message_status_psa_campaign", "campaign", "{t.campaign_id}"),
    ("message_status_psa_campaign", "campaign_link", "{t.action_link_url}"),
    ("newsletter_message", "views", "{t.view_count}"),
    ("newsletter_message", "forwards", "{t.forwards_count}"),
    ("newsletter_message", "comments", "NULLIF({t.comments_count}, 0)"),
    ("newsletter_message", "own_reaction", "{t.reaction_from_me}"),
    ("newsletter_message", "written_by", "{t.admin_profile_name}"),
    ("forwarded_newsletter_message_info", "forwarded_from_channel", "{t.newsletter_name}"),
    ("message_newsletter_admin_invite", "invites_to_channel", "{t.newsletter_name}"),
    ("message_newsletter_follower_invite", "invites_to_channel", "{t.newsletter_name}"),
)
# Facts that rest on several tables: their name, and a query for `message_row_id` and `value`.
OTHERS = (
    (
        "groups",
        "SELECT nodes.message_row_id, {nodes.group_subject} AS value FROM message_system_with_group_nodes nodes",
    ),
    (
        "groups",
        "SELECT sibling.message_row_id, {sibling.subgroup_subject} AS value"
        " FROM message_system_sibling_group_link_change sibling",
    ),
    ("elements", "SELECT ui.message_row_id, {ui.element_content} AS value FROM message_ui_elements ui"),
    ("buttons", "SELECT button.message_row_id, {button.text_data} AS value FROM message_template_button button"),
    (
        "labels",
        "SELECT tag.message_row_id, {label.label_name} AS value FROM labeled_messages tag"
        " LEFT JOIN labels label ON label._id = tag.label_id",
    ),
    # Pictures sent together name their album, comments what they comment on.
    (
        "belongs_to",
        "SELECT tie.child_message_row_id AS message_row_id, holder.key_id AS value FROM message_association tie"
        " LEFT JOIN message holder ON holder._id = tie.parent_message_row_id",
    ),
    (
        "belongs_to",
        "SELECT bond.message_row_id, keeper.key_id AS value FROM message_parent_association bond"
        " LEFT JOIN message keeper ON keeper._id = bond.parent_message_row_id",
    ),
    (
        "comment_on",
        "SELECT remark.message_row_id, subject.key_id AS value FROM message_comment remark"
        " LEFT JOIN message subject ON subject._id = remark.parent_message_row_id",
    ),
    (
        "call_id",
        "SELECT told.message_row_id, {called.call_id} AS value FROM message_call_log told"
        " LEFT JOIN call_log called ON called._id = told.call_log_row_id",
    ),
    # A chat that was deleted in the app is cleared in the background: until then its messages are hidden, and still there.
    (
        "being_deleted",
        "SELECT hidden._id AS message_row_id, 1 AS value FROM deleted_chat_job job LEFT JOIN message hidden"
        " ON hidden.chat_row_id = job.chat_row_id AND {hidden.sort_id} <= CASE WHEN {hidden.starred} <> 0"
        " THEN {job.deleted_starred_message_row_id} ELSE {job.deleted_message_row_id} END",
    ),
)


def facts() -> str:
    """A common table expression `facts`: for each message of which these tables say something, that as a JSON object."""
    single = [
        f"SELECT f{n}.message_row_id, '{name}' AS name, {value.replace('{t.', f'{{f{n}.')} AS value FROM {table} f{n}"
        for n, (table, name, value) in enumerate(ONE_ROW)
    ]
    joined = [f"SELECT message_row_id, '{name}', value FROM ({query})" for name, query in OTHERS]
    return f""",
facts AS MATERIALIZED (
  SELECT message_row_id, json_group_object(name, value) AS said FROM (
    SELECT message_row_id, name,
      CASE WHEN COUNT(*) > 1 THEN group_concat(CAST(value AS TEXT), char(10))
           WHEN typeof(MAX(value)) IN ('integer', 'real') THEN MAX(value) ELSE CAST(MAX(value) AS TEXT) END AS value
    FROM (
      {" UNION ALL ".join([*single, *joined])}
    ) WHERE message_row_id IS NOT NULL AND value IS NOT NULL AND value <> '' GROUP BY message_row_id, name
  ) GROUP BY message_row_id
)"""


FACTS = facts()
