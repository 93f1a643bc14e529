package org.procmon.importing.lighttpd;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.procmon.config.reader.Glob;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.SourceFile;
import org.procmon.importing.draft.SourceLocation;

/**
 * Reads a file of lighttpd with those that it includes. Blocks of all conditions are read, since
 * any of them may hold for some request.
 *
 * <p>Source: lighttpd's documentation, "Configuration File Syntax".
 */
final class LighttpdParser {
    private static final int DEEPEST = 64;
    private static final int MOST_FILES = 1000;
    private static final int MOST_DIGITS = 9;

    /** More text than any number of real files has; each file has a limit of its own. */
    private static final long MOST_CHARACTERS = 32 << 20;

    /** Takes the settings, in the order of the files. */
    interface Settings {
        void set(SourceLocation spot, String name, boolean adds, LighttpdValue value)
                throws ImportAborted;
    }

    private final ImportContext importContext;
    private final Path folder;
    private final Settings settings;
    private List<LighttpdToken> tokens = List.of();
    private int at;
    private int depth;
    private int files;
    private long characters;

    private LighttpdParser(Path folder, Settings settings, ImportContext importContext) {
        this.importContext = importContext;
        this.folder = folder;
        this.settings = settings;
    }

    static void read(SourceFile file, Settings settings, ImportContext importContext)
            throws ImportAborted {
        // lighttpd resolves all included files against the folder of the first one.
        new LighttpdParser(file.spot(0).folder(), settings, importContext)
                .file(file.spot(0), file, LighttpdScope.top(importContext.environment()));
    }

    /** Reads a file that is included at a place. */
    private void file(SourceLocation spot, SourceFile file, LighttpdScope scope)
            throws ImportAborted {
        deeper(spot);
        files++;
        characters += file.lines().stream().mapToLong(String::length).sum();
        if (files > MOST_FILES || characters > MOST_CHARACTERS) {
            throw ImportAborted.at(file.spot(0), "all files together are too many or too large");
        }
        List<LighttpdToken> outerTokens = tokens;
        int outerAt = at;
        tokens = LighttpdTokens.of(file);
        at = 0;
        statements(scope, LighttpdToken.Kind.END);
        depth--;
        tokens = outerTokens;
        at = outerAt;
    }

    private void deeper(SourceLocation spot) throws ImportAborted {
        if (++depth > DEEPEST) {
            throw ImportAborted.at(spot, "this is nested too deeply");
        }
    }

    private LighttpdToken peek() {
        return tokens.get(at);
    }

    private LighttpdToken next() {
        LighttpdToken token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    private void skipLines() {
        while (peek().kind() == LighttpdToken.Kind.NEWLINE) {
            at++;
        }
    }

    private static ImportAborted unexpected(LighttpdToken token, String expected) {
        String found =
                switch (token.kind()) {
                    case NEWLINE -> "the end of the line";
                    case END -> "the end of the file";
                    case NAME, STRING, NUMBER, SYMBOL -> PrintableText.quoted(token.text(), 60);
                };
        return ImportAborted.at(token.spot(), "expected " + expected + ", found " + found);
    }

    private void expect(String symbol) throws ImportAborted {
        LighttpdToken token = next();
        if (!token.is(symbol)) {
            throw unexpected(token, "'" + symbol + "'");
        }
    }

    /** Reads up to the end of the file, or behind the brace that closes a block. */
    private void statements(LighttpdScope scope, LighttpdToken.Kind end) throws ImportAborted {
        boolean isFile = end == LighttpdToken.Kind.END;
        while (true) {
            skipLines();
            LighttpdToken token = next();
            if (token.kind() == LighttpdToken.Kind.END && isFile) {
                return;
            }
            if (token.is("}") && !isFile) {
                return;
            }
            if (token.is("$")) {
                condition(scope);
            } else if (token.kind() == LighttpdToken.Kind.NAME) {
                statement(token, scope);
            } else {
                throw unexpected(token, isFile ? "a setting" : "a setting or '}'");
            }
        }
    }

    private void block(LighttpdScope scope) throws ImportAborted {
        skipLines();
        expect("{");
        deeper(peek().spot());
        statements(scope.block(), LighttpdToken.Kind.SYMBOL);
        depth--;
    }

    /** Reads a condition, whatever it is, its block, and those for the other cases. */
    private void condition(LighttpdScope scope) throws ImportAborted {
        boolean more = true;
        while (more) {
            while (!peek().is("{")) {
                LighttpdToken token = next();
                if (token.kind() == LighttpdToken.Kind.END || token.is("}") || token.is("=")) {
                    throw unexpected(token, "a condition and '{'");
                }
            }
            block(scope);
            int behind = at;
            skipLines();
            LighttpdToken token = peek();
            more = token.isName("else") || token.isName("elif") || token.isName("elsif");
            at = more ? at : behind;
        }
    }

    private void statement(LighttpdToken name, LighttpdScope scope) throws ImportAborted {
        if (name.isName("global") && isBlockNext()) {
            block(scope);
            return;
        }
        if (name.isName("include")) {
            include(name, scope);
            return;
        }
        if (name.isName("include_shell")) {
            LighttpdValue _ = expression(scope);
            importContext
                    .notes()
                    .none(
                            new Setting(name.spot(), "", "include_shell", ""),
                            "no command is run; include a file with what it prints");
            return;
        }
        LighttpdToken operator = next();
        boolean adds = operator.is("+=");
        if (!adds && !operator.is("=") && !operator.is(":=")) {
            throw unexpected(operator, "'=' after " + PrintableText.quoted(name.text(), 60));
        }
        LighttpdValue value = expression(scope);
        settings.set(name.spot(), name.text(), adds, value);
        LighttpdValue earlier = scope.value(name.text());
        boolean joins = adds && !(earlier instanceof LighttpdValue.Unset);
        scope.set(name.text(), joins ? LighttpdScope.sum(name.spot(), earlier, value) : value);
    }

    private boolean isBlockNext() {
        int behind = at;
        skipLines();
        boolean isBlock = peek().is("{");
        at = isBlock ? at : behind;
        return isBlock;
    }

    private void include(LighttpdToken token, LighttpdScope scope) throws ImportAborted {
        LighttpdValue value = expression(scope);
        Setting setting = new Setting(token.spot(), "", "include", "");
        switch (value) {
            case LighttpdValue.Text text -> {
                List<Path> found =
                        Glob.isPattern(text.value())
                                ? Glob.files(folder, text.value())
                                : List.of(folder.resolve(text.value()));
                if (found.isEmpty()) {
                    importContext.notes().add(setting, "no file is named " + text.value());
                }
                for (Path file : found) {
                    file(token.spot(), SourceFile.read(file), scope);
                }
            }
            case LighttpdValue.Unset unset ->
                    throw ImportAborted.at(
                            token.spot(), "the variable '" + unset.name() + "' is not set");
            case LighttpdValue.Whole _, LighttpdValue.Items _ ->
                    throw ImportAborted.at(token.spot(), "include must name a file");
        }
    }

    private LighttpdValue expression(LighttpdScope scope) throws ImportAborted {
        LighttpdValue value = operand(scope);
        while (peek().is("+")) {
            LighttpdToken plus = next();
            value = LighttpdScope.sum(plus.spot(), value, operand(scope));
        }
        return value;
    }

    private LighttpdValue operand(LighttpdScope scope) throws ImportAborted {
        skipLines();
        LighttpdToken token = next();
        return switch (token.kind()) {
            case STRING -> new LighttpdValue.Text(token.text());
            case NUMBER -> number(token);
            case NAME -> scope.value(token.text());
            case SYMBOL -> {
                if (!token.is("(")) {
                    throw unexpected(token, "a value");
                }
                deeper(token.spot());
                LighttpdValue items = items(scope);
                depth--;
                yield items;
            }
            case NEWLINE, END -> throw unexpected(token, "a value");
        };
    }

    private static LighttpdValue number(LighttpdToken token) throws ImportAborted {
        if (!SettingValues.isDigits(token.text()) || token.text().length() > MOST_DIGITS) {
            throw ImportAborted.at(
                    token.spot(),
                    "this number is too large: " + PrintableText.quoted(token.text(), 60));
        }
        return new LighttpdValue.Whole(Integer.parseInt(token.text()));
    }

    private LighttpdValue items(LighttpdScope scope) throws ImportAborted {
        List<LighttpdValue.Item> items = new ArrayList<>();
        skipLines();
        while (!peek().is(")")) {
            SourceLocation spot = peek().spot();
            LighttpdValue value = expression(scope);
            skipLines();
            String key = "";
            if (peek().is("=>")) {
                LighttpdToken arrow = next();
                if (!(value instanceof LighttpdValue.Text text)) {
                    throw ImportAborted.at(arrow.spot(), "a string must stand before =>");
                }
                key = text.value();
                value = expression(scope);
                skipLines();
            }
            items.add(new LighttpdValue.Item(spot, key, value));
            if (!peek().is(")")) {
                expect(",");
                skipLines();
            }
        }
        expect(")");
        return new LighttpdValue.Items(items);
    }
}
