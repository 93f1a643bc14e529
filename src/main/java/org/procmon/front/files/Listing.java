package org.procmon.front.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.procmon.bytes.ByteText;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.RequestPath;

/** A page with the names of what is in a folder. */
final class Listing {
    /** The rest is left out. */
    private static final int MOST = 10_000;

    private Listing() {}

    /**
     * Sends it.
     *
     * @param hidden whether names that begin with a dot are listed
     */
    static void send(Exchange exchange, FileTree.Folder folder, boolean hidden) throws IOException {
        String title = html(exchange.path());
        StringBuilder page =
                new StringBuilder("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>")
                        .append(title)
                        .append("</title>\n<h1>")
                        .append(title)
                        .append("</h1>\n<ul>\n");
        if (!exchange.rest().equals("/")) {
            page.append("<li><a href=\"../\">../</a></li>\n");
        }
        for (FileTree.Folder.Child child : folder.children(MOST)) {
            if (hidden || !child.name().startsWith(".")) {
                String name = child.name() + (child.isFolder() ? "/" : "");
                // The dot keeps a colon in a name from making it another scheme.
                page.append("<li><a href=\"./")
                        .append(RequestPath.encoded(ByteText.encode(name)))
                        .append("\">")
                        .append(html(name))
                        .append("</a></li>\n");
            }
        }
        byte[] bytes = page.append("</ul>\n").toString().getBytes(UTF_8);
        var head = exchange.response().getHeaders();
        head.put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
        head.put(HttpHeader.CONTENT_LENGTH, bytes.length);
        exchange.response().setStatus(HttpStatus.OK_200);
        boolean isHead = exchange.method().equals("HEAD");
        Content.Sink.write(
                exchange.response(), true, ByteBuffer.wrap(isHead ? new byte[0] : bytes));
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
