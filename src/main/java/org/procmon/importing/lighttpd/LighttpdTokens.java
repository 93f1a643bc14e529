package org.procmon.importing.lighttpd;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Splits a file of lighttpd into tokens.
 *
 * <p>Source: lighttpd's documentation, "Configuration File Syntax".
 */
final class LighttpdTokens {
    private static final List<String> SYMBOLS =
            List.of(
                    "+=", ":=", "=>", "==", "!=", "=~", "!~", "=^", "=$", "=", "+", "(", ")", "{",
                    "}", ",", "[", "]", "$");

    private final List<LighttpdToken> tokens = new ArrayList<>();

    private LighttpdTokens() {}

    /** The tokens; the last one is the end. */
    static List<LighttpdToken> of(SourceFile file) throws ImportAborted {
        LighttpdTokens reader = new LighttpdTokens();
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            reader.line(file.spot(i), lines.get(i));
        }
        reader.add(file.spot(lines.size() - 1), LighttpdToken.Kind.END, "");
        return reader.tokens;
    }

    private void add(SourceLocation spot, LighttpdToken.Kind kind, String text) {
        tokens.add(new LighttpdToken(spot, kind, text));
    }

    private void line(SourceLocation spot, String line) throws ImportAborted {
        int at = 0;
        while (at < line.length() && line.charAt(at) != '#') {
            char c = line.charAt(at);
            if (c == ' ' || c == '\t') {
                at++;
            } else if (c == '"') {
                at = string(spot, line, at + 1);
            } else if (isOfName(c)) {
                at = name(spot, line, at);
            } else {
                at = symbol(spot, line, at);
            }
        }
        add(spot, LighttpdToken.Kind.NEWLINE, "");
    }

    /** Only a quote is escaped in a string; any other backslash stays. */
    private int string(SourceLocation spot, String line, int start) throws ImportAborted {
        StringBuilder text = new StringBuilder();
        for (int at = start; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                add(spot, LighttpdToken.Kind.STRING, text.toString());
                return at + 1;
            }
            boolean escapes = c == '\\' && line.startsWith("\"", at + 1);
            at += escapes ? 1 : 0;
            text.append(escapes ? '"' : c);
        }
        throw ImportAborted.at(spot, "a string is never closed");
    }

    private int name(SourceLocation spot, String line, int start) {
        int end = start;
        boolean isNumber = true;
        while (end < line.length() && isOfName(line.charAt(end))) {
            isNumber &= Character.isDigit(line.charAt(end));
            end++;
        }
        add(
                spot,
                isNumber ? LighttpdToken.Kind.NUMBER : LighttpdToken.Kind.NAME,
                line.substring(start, end));
        return end;
    }

    private static boolean isOfName(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    }

    private int symbol(SourceLocation spot, String line, int at) throws ImportAborted {
        for (String symbol : SYMBOLS) {
            if (line.startsWith(symbol, at)) {
                add(spot, LighttpdToken.Kind.SYMBOL, symbol);
                return at + symbol.length();
            }
        }
        String shown = line.substring(at, Math.min(line.length(), at + 20));
        throw ImportAborted.at(
                spot, "this is no text of lighttpd: " + PrintableText.quoted(shown, 20));
    }
}
