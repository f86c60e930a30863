from shared.migrations.run import MigrationError, main

try:
    main()
except MigrationError as error:
    raise SystemExit(str(error)) from error
