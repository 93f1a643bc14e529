package org.procmon.front.files;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedQualityCSV;

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
        List<String> order = accepted(wanted);
        int bestPlace = Integer.MAX_VALUE;
        for (Encodings one : KNOWN) {
            Optional<OpenFile> copy = file.beside(one.suffix());
            if (copy.isEmpty()) {
                continue;
            }
            head.put(HttpHeader.VARY, "Accept-Encoding");
            int place = place(order, one.name());
            if (place < bestPlace) {
                close(best);
                best = copy;
                bestPlace = place;
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

    private static int place(List<String> order, String name) {
        int place = order.indexOf(name);
        int any = order.indexOf("*");
        return place >= 0 ? place : any >= 0 ? any : Integer.MAX_VALUE;
    }

    /**
     * By their quality, those of the same quality as {@link #KNOWN} has them; none of quality 0.
     */
    private static List<String> accepted(HttpFields wanted) {
        QuotedQualityCSV values =
                new QuotedQualityCSV(KNOWN.stream().map(Encodings::name).toList());
        wanted.getValuesList(HttpHeader.ACCEPT_ENCODING).forEach(values::addValue);
        return values.getValues();
    }
}
