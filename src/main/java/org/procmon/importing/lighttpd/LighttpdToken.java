package org.procmon.importing.lighttpd;

import org.procmon.importing.draft.SourceLocation;

/**
 * A part of a file of lighttpd.
 *
 * @param text of a string without its quotes
 */
record LighttpdToken(SourceLocation spot, Kind kind, String text) {
    /** What it is. */
    enum Kind {
        NAME,
        STRING,
        NUMBER,
        SYMBOL,
        NEWLINE,
        END
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }
}
