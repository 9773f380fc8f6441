import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

import org.codelibs.opensearch.runner.node.OpenSearchRunnerNode;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.mapper.MapperExtrasPlugin;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node with the arguments as its settings (name=value). It runs until it is told to end, or until
 * its standard input ends, which is when whoever started it has died.
 */
public final class Node {
    /** HTTP, rank features, and _delete_by_query. Every OpenSearch has them. */
    private static final List<Class<? extends Plugin>> MODULES = List.of(
            Netty4Plugin.class, MapperExtrasPlugin.class, ReindexPlugin.class);

    private Node() {
    }

    public static void main(String[] arguments) throws Exception {
        endWithParent();
        var settings = Settings.builder();
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        String name = settings.get("node.name");
        var environment = InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), null, () -> name);
        var node = new OpenSearchRunnerNode(environment, MODULES);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        node.start();
        Thread.currentThread().join();
    }

    private static void endWithParent() {
        var watch = new Thread(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException error) {
                System.err.println(error);
            }
            Runtime.getRuntime().halt(1);
        }, "parent");
        watch.setDaemon(true);
        watch.start();
    }

    private static void close(OpenSearchRunnerNode node) {
        try {
            node.close();
        } catch (IOException error) {
            System.err.println(error);
        }
    }
}
