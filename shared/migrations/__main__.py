from shared.migrations.run import main

main()
