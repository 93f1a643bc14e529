package org.procmon.front.files;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.procmon.front.request.ContentCodings;

/**
 * Compressed copies of files: of {@code a.js}, the files {@code a.js.br} and {@code a.js.gz} beside
 * it. Source: RFC 9110, section 12.5.3.
 *
 * @param name as {@code Content-Encoding} has it
 * @param suffix of the copy
 */
record Encodings(String name, String suffix) {
    private static final List<Encodings> KNOWN =
            List.of(new Encodings("br", ".br"), new Encodings("gzip", ".gz"));

    /**
     * Opens the copy that the client likes best, if there is one, and says in the response that
     * there are several.
     */
    static Optional<OpenFile> copy(
            FileTree.RegularFile file, HttpFields wanted, HttpFields.Mutable head)
            throws IOException {
        Optional<OpenFile> best = Optional.empty();
        double most = 0;
        for (Encodings one : KNOWN) {
            Optional<OpenFile> copy = file.beside(one.suffix());
            if (copy.isEmpty()) {
                continue;
            }
            head.put(HttpHeader.VARY, "Accept-Encoding");
            double quality = ContentCodings.quality(wanted, one.name());
            if (quality > most) {
                close(best);
                best = copy;
                most = quality;
                head.put(HttpHeader.CONTENT_ENCODING, one.name());
            } else {
                close(copy);
            }
        }
        return best;
    }

    private static void close(Optional<OpenFile> file) throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
