package org.procmon.front.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.http.CompressedContentFormat;
import org.eclipse.jetty.server.AllowedResourceAliasChecker;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.procmon.bytes.BytePath;
import org.procmon.front.config.FrontRoute;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Target;

/**
 * Serves the files of a folder, by Jetty: ranges, conditions, types, compressed copies beside them.
 * A link that leads out of the folder is not followed, and a name that begins with a dot is not
 * there, unless the route says so.
 */
public final class FilesTarget implements Target {
    private static final String WELL_KNOWN = "/.well-known/";

    private final ContextHandler context;
    private final boolean hidden;

    public FilesTarget(Server server, String prefix, FrontRoute.Files files) throws IOException {
        this.hidden = files.hidden();
        ResourceHandler resources = new ResourceHandler();
        resources.setDirAllowed(files.listing());
        resources.setWelcomeFiles(files.indexOrDefault());
        resources.setEtags(true);
        resources.setPrecompressedFormats(CompressedContentFormat.BR, CompressedContentFormat.GZIP);
        context = new ContextHandler(resources, prefix.isEmpty() ? "/" : prefix);
        Path directory = BytePath.of(files.directory());
        context.setBaseResource(ResourceFactory.of(context).newResource(directory));
        context.setAliasChecks(java.util.List.of(new AllowedResourceAliasChecker(context)));
        context.setServer(server);
        try {
            context.start();
        } catch (Exception e) {
            throw new IOException("cannot serve files of " + directory + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean handle(Exchange exchange) throws IOException {
        String path = exchange.rest();
        boolean isHidden = path.contains("/.") && !path.startsWith(WELL_KNOWN);
        if (isHidden && !hidden) {
            return false;
        }
        String method = exchange.method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return false;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            if (!context.handle(exchange.request(), exchange.response(), Callback.from(done))) {
                return false;
            }
            done.get();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the front is about to exit", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        try {
            context.stop();
        } catch (Exception _) {
            // It holds nothing but memory.
        }
    }
}
