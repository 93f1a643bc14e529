package org.procmon.importing.phpfpm;

import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.SourceLocation;

/**
 * A value in a file of php-fpm: in double quotes, in single quotes, or bare up to a comment.
 *
 * <p>Source: php.net, {@code parse_ini_file}.
 */
final class FpmValue {
    private FpmValue() {}

    /** The value as it is written, with its quotes, without what follows it. */
    static String withoutComment(SourceLocation spot, String text) throws ImportAborted {
        char quote = quote(text);
        if (quote == 0) {
            int comment = text.indexOf(';');
            return comment < 0 ? text : text.substring(0, comment).strip();
        }
        int at = 1;
        while (at < text.length() && text.charAt(at) != quote) {
            at += quote == '"' && text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            throw ImportAborted.at(spot, "a quote is never closed: " + quote);
        }
        String rest = text.substring(at + 1).strip();
        if (!rest.isEmpty() && !rest.startsWith(";")) {
            throw ImportAborted.at(spot, "only a comment may follow the quoted value");
        }
        return text.substring(0, at + 1);
    }

    static boolean isQuoted(String written) {
        return quote(written) != 0;
    }

    /** Whether variables are replaced in it. */
    static boolean expands(String written) {
        return quote(written) != '\'';
    }

    /** The value without its quotes. */
    static String text(String written) {
        char quote = quote(written);
        if (quote == 0) {
            return written;
        }
        String inside = written.substring(1, written.length() - 1);
        return quote == '"' ? inside.replace("\\\"", "\"").replace("\\\\", "\\") : inside;
    }

    private static char quote(String text) {
        char first = text.isEmpty() ? 0 : text.charAt(0);
        return first == '"' || first == '\'' ? first : 0;
    }
}
