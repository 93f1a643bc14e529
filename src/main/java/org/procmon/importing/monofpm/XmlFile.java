package org.procmon.importing.monofpm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Reads the elements of an XML file, with their places. Document types, and so entities of a file's
 * own, are refused.
 *
 * <p>Source: Extensible Markup Language (XML) 1.0, 2 and 3.
 */
final class XmlFile {
    private static final int DEEPEST = 100;
    private static final int MOST_ELEMENTS = 10_000;
    private static final String COMMENT = "<!--";
    private static final String CDATA = "<![CDATA[";
    private static final int LONGEST_ENTITY = 12;

    private final SourceFile file;
    private final String text;
    private final Deque<XmlElement> open = new ArrayDeque<>();
    private int at;
    private int line;
    private int counted;
    private int elements;

    private XmlFile(SourceFile file) {
        this.file = file;
        this.text = String.join("\n", file.lines());
    }

    /** An element without a name that has those of the file. */
    static XmlElement read(SourceFile file) throws ImportAborted {
        XmlFile reader = new XmlFile(file);
        XmlElement all = reader.element("", new LinkedHashMap<>());
        reader.open.push(all);
        while (reader.at < reader.text.length()) {
            reader.part();
        }
        if (reader.open.size() > 1) {
            XmlElement last = reader.open.element();
            throw ImportAborted.at(
                    last.spot(), "the element " + shown(last.name()) + " is never closed");
        }
        return all;
    }

    private static String shown(String name) {
        return PrintableText.quoted(name, 60);
    }

    /** The place of what comes next. */
    private SourceLocation spot() {
        while (counted < at) {
            if (text.charAt(counted++) == '\n') {
                line++;
            }
        }
        return file.spot(line);
    }

    private XmlElement element(String name, Map<String, String> attributes) {
        return new XmlElement(spot(), name, attributes, new ArrayList<>(), new StringBuilder());
    }

    private void part() throws ImportAborted {
        if (text.charAt(at) != '<') {
            int end = text.indexOf('<', at);
            String part = text.substring(at, end < 0 ? text.length() : end);
            open.element().text().append(decoded(part));
            at += part.length();
        } else if (text.startsWith(COMMENT, at)) {
            skip(COMMENT, "-->");
        } else if (text.startsWith("<?", at)) {
            skip("<?", "?>");
        } else if (text.startsWith(CDATA, at)) {
            int start = at + CDATA.length();
            skip(CDATA, "]]>");
            open.element().text().append(text, start, at - "]]>".length());
        } else if (text.startsWith("<!", at)) {
            throw ImportAborted.at(spot(), "a document type cannot be read");
        } else if (text.startsWith("</", at)) {
            close();
        } else {
            open();
        }
    }

    private void skip(String start, String end) throws ImportAborted {
        int found = text.indexOf(end, at + start.length());
        if (found < 0) {
            throw ImportAborted.at(spot(), start + " is never closed");
        }
        at = found + end.length();
    }

    private void close() throws ImportAborted {
        SourceLocation spot = spot();
        at += 2;
        String name = name();
        skipBlanks();
        XmlElement last = open.element();
        if (open.size() == 1 || !last.name().equals(name) || !text.startsWith(">", at)) {
            throw ImportAborted.at(
                    spot,
                    open.size() == 1
                            ? "</" + PrintableText.of(name) + "> closes nothing"
                            : "expected </" + PrintableText.of(last.name()) + ">");
        }
        at++;
        open.pop();
    }

    private void open() throws ImportAborted {
        SourceLocation spot = spot();
        at++;
        String name = name();
        if (name.isEmpty()) {
            throw ImportAborted.at(spot, "'<' starts no element; the sign itself is &lt;");
        }
        if (open.size() > DEEPEST || ++elements > MOST_ELEMENTS) {
            throw ImportAborted.at(spot, "there are too many elements");
        }
        XmlElement element =
                new XmlElement(
                        spot, name, attributes(spot), new ArrayList<>(), new StringBuilder());
        open.element().children().add(element);
        if (text.startsWith("/>", at)) {
            at += 2;
        } else {
            at++;
            open.push(element);
        }
    }

    /** Reads up to the sign that ends the tag. */
    private Map<String, String> attributes(SourceLocation spot) throws ImportAborted {
        Map<String, String> attributes = new LinkedHashMap<>();
        skipBlanks();
        while (!text.startsWith(">", at) && !text.startsWith("/>", at)) {
            String name = name();
            skipBlanks();
            boolean isEqual = text.startsWith("=", at);
            at++;
            skipBlanks();
            char quote = at < text.length() ? text.charAt(at) : ' ';
            int end = text.indexOf(quote, Math.min(at + 1, text.length()));
            if (name.isEmpty() || !isEqual || (quote != '"' && quote != '\'') || end < 0) {
                throw ImportAborted.at(spot, "in a tag, NAME=\"VALUE\" is expected");
            }
            attributes.put(name, decoded(text.substring(at + 1, end)));
            at = end + 1;
            skipBlanks();
        }
        return attributes;
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n';
    }

    private String name() {
        int start = at;
        while (at < text.length()
                && !isBlank(text.charAt(at))
                && "<>/=\"'&".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    /** The text with the characters that its entities stand for. */
    private String decoded(String written) throws ImportAborted {
        int from = written.indexOf('&');
        if (from < 0) {
            return written;
        }
        StringBuilder out = new StringBuilder();
        int copied = 0;
        while (from >= 0) {
            int end = written.indexOf(';', from);
            String name = end < 0 ? "" : written.substring(from + 1, end);
            int character = name.length() > LONGEST_ENTITY ? 0 : character(name);
            if (character == 0) {
                throw ImportAborted.at(
                        spot(), "'&' starts no known character; the sign itself is &amp;");
            }
            out.append(written, copied, from).appendCodePoint(character);
            copied = end + 1;
            from = written.indexOf('&', copied);
        }
        return out.append(written, copied, written.length()).toString();
    }

    /** What an entity stands for; 0 for nothing that a text may have. */
    private static int character(String name) {
        return switch (name) {
            case "lt" -> '<';
            case "gt" -> '>';
            case "amp" -> '&';
            case "quot" -> '"';
            case "apos" -> '\'';
            default -> numbered(name);
        };
    }

    private static int numbered(String name) {
        boolean isHex = name.startsWith("#x");
        if (!name.startsWith("#")) {
            return 0;
        }
        try {
            int number =
                    isHex
                            ? Integer.parseInt(name.substring(2), 16)
                            : Integer.parseInt(name.substring(1));
            boolean isText =
                    Character.isValidCodePoint(number)
                            && !Character.isISOControl(number)
                            && Character.getType(number) != Character.SURROGATE;
            return isText ? number : 0;
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
