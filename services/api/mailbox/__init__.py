"""The demo's mailbox: every mail the notifier has written, as it looks."""
