package org.procmon.front.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;
import org.procmon.front.config.FrontRoute;
import org.procmon.front.request.Answers;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.RequestPath;
import org.procmon.front.request.Target;

/**
 * Serves the files of a folder. A link that leads out of the folder is not followed, and a name
 * that begins with a dot is not there, unless the route says so.
 */
public final class FilesTarget implements Target {
    private static final String WELL_KNOWN = "/.well-known/";

    private final FileTree tree;
    private final List<String> index;
    private final boolean listing;
    private final boolean hidden;
    private final boolean internal;

    /**
     * @param internal whether clients do not see the paths, so that none is sent to them
     */
    public FilesTarget(FrontRoute.Files files, boolean internal) {
        this.tree = new FileTree(BytePath.of(files.directory()));
        this.index = files.indexOrDefault();
        this.listing = files.listing();
        this.hidden = files.hidden();
        this.internal = internal;
    }

    @Override
    public boolean handle(Exchange exchange) throws IOException {
        String path = exchange.rest();
        boolean isHidden =
                path.startsWith(WELL_KNOWN) ? path.indexOf("/.", 1) >= 0 : path.contains("/.");
        if (isHidden && !hidden) {
            return false;
        }
        String method = exchange.method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return false;
        }
        Optional<FileTree.Found> found;
        try {
            found = tree.find(path);
            if (found.isEmpty()) {
                return false;
            }
            try (FileTree.Found open = found.get()) {
                return switch (open) {
                    case FileTree.Folder folder -> folder(exchange, path, folder);
                    case FileTree.RegularFile file ->
                            !path.endsWith("/") && send(exchange, file, path);
                };
            }
        } catch (AccessDeniedException _) {
            Answers.send(exchange.response(), 403, "the file may not be read");
            return true;
        }
    }

    private boolean folder(Exchange exchange, String path, FileTree.Folder folder)
            throws IOException {
        if (!path.endsWith("/")) {
            return !internal && redirect(exchange);
        }
        for (String name : index) {
            Optional<FileTree.Found> found = tree.find(path + name);
            if (found.isPresent()) {
                try (FileTree.Found open = found.get()) {
                    if (open instanceof FileTree.RegularFile file) {
                        return send(exchange, file, name);
                    }
                }
            }
        }
        if (listing) {
            Listing.send(exchange, folder, hidden);
        }
        return listing;
    }

    /** What is in the folder is relative to its path with the slash. */
    private static boolean redirect(Exchange exchange) throws IOException {
        String query = exchange.request().getHttpURI().getQuery();
        String location =
                RequestPath.encoded(ByteText.encode(exchange.path()))
                        + "/"
                        + (query == null ? "" : "?" + query);
        exchange.response().setStatus(HttpStatus.FOUND_302);
        exchange.response().getHeaders().put(HttpHeader.LOCATION, location);
        exchange.response().getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        Content.Sink.write(exchange.response(), true, ByteBuffer.allocate(0));
        return true;
    }

    /** The type is that of the path, which may be a link to a file of any name. */
    private static boolean send(Exchange exchange, FileTree.RegularFile file, String path)
            throws IOException {
        Optional<OpenFile> copy =
                Encodings.copy(
                        file, exchange.request().getHeaders(), exchange.response().getHeaders());
        try (OpenFile open = copy.isPresent() ? copy.get() : file.open()) {
            FileSender.send(exchange, open, path);
        }
        return true;
    }
}
