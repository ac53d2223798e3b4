"""Lets LocalStack run the DynamoDB Local that Maven fetched, where there is one, instead of downloading its own."""

import os


def install() -> None:
    jars = os.environ.get("TALLO_DYNAMODB_JARS")
    if not jars:
        return

    from localstack.services.dynamodb.packages import DynamoDBLocalPackageInstaller
    from localstack.services.dynamodb.server import DynamodbServer

    def command(server) -> list[str]:
        return [
            "java",
            f"-Xmx{server.heap_size}",
            # LocalStack's own command has a Java agent here, which only lifts the limit of 20 indexes.
            f"-Djava.library.path={jars}",
            "-classpath",
            os.path.join(jars, "*"),
            "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
            "-port",
            str(server.port),
            "-inMemory",
        ]

    DynamodbServer._create_shell_command = command
    DynamoDBLocalPackageInstaller.install = lambda installer, target=None: None
    DynamoDBLocalPackageInstaller.get_java_env_vars = lambda installer: {}
