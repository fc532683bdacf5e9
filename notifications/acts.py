"""What the history of mail says, in words."""

from core.errors import N_

ACTS = {
    "webhook.added": N_("Webhook added"),
    "webhook.removed": N_("Webhook removed"),
    "webhook.paused": N_("Webhook paused"),
    "webhook.resumed": N_("Webhook goes on"),
    "messages.released": N_("Messages sent"),
    "messages.edited": N_("Words added to mails"),
    "messages.recalled": N_("Messages taken back"),
    "messages.discarded": N_("Messages discarded"),
    "message.edited": N_("Mail changed"),
    "message.released": N_("Mail sent"),
    "message.discarded": N_("Mail discarded"),
    "address.released": N_("Address unblocked"),
    "bulk.wanted": N_("Wants bulk e-mail again"),
    "bulk.unwanted": N_("Wants no bulk e-mail"),
    "inbound.closed": N_("Mail in the inbox dealt with"),
    "message.read": N_("Message looked at"),
    "message.disclosed": N_("Text of a message opened"),
    "inbound.disclosed": N_("Mail in the inbox opened"),
}
