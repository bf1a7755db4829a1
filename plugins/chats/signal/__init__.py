"""Signal: databases of Desktop, Android and iOS, in clear or with their key; backups of Android with their passphrase."""
