package org.procmon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.TerminalSafe;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.cli.console.UsageException;
import org.procmon.config.reader.Suggestion;
import org.procmon.importing.Importer;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImportResult;

/**
 * Converts the files of another supervisor into a configuration, and lists what has no equivalent.
 * Separate from the other commands, so that they load none of its classes.
 */
final class ImportCommand {
    private final Console console;

    ImportCommand(Console console) {
        this.console = console;
    }

    /** Imports; the operands are the format and the files. */
    int run(List<String> operands) throws UsageException {
        String word = operands.getFirst();
        SourceFormat format = SourceFormat.of(word);
        if (format == null) {
            List<String> words = SourceFormat.words();
            String suggestion = Suggestion.forWord(word, words);
            throw new UsageException(
                    "there is no format '"
                            + word
                            + "'"
                            + (suggestion.isEmpty()
                                    ? "; the formats are " + String.join(", ", words)
                                    : suggestion));
        }
        if (format.isCommand()) {
            return tell(
                    Importer.command(
                            format, operands.subList(1, operands.size()), console.environment()));
        }
        if (operands.size() > 2 && !format.takesMany()) {
            throw new UsageException(
                    "'"
                            + operands.get(2)
                            + "' is one argument too many for import "
                            + format.word());
        }
        List<Path> files = new ArrayList<>();
        for (String operand : operands.subList(1, operands.size())) {
            files.add(BytePath.named(operand));
        }
        return tell(Importer.read(format, files, console.environment()));
    }

    private int tell(ImportResult result) {
        return switch (result) {
            case ImportResult.Imported imported -> {
                for (String note : imported.notes()) {
                    line(note);
                }
                console.out().print(imported.text());
                yield ExitCode.DONE;
            }
            case ImportResult.Refused refused -> {
                line(refused.file() + ":" + refused.line() + ": " + refused.reason());
                yield ExitCode.CONFIGURATION_INVALID;
            }
            case ImportResult.Unreadable unreadable -> {
                console.complain("cannot import " + unreadable.file() + ": " + unreadable.reason());
                yield ExitCode.FAILED;
            }
        };
    }

    private void line(String text) {
        console.err().print(TerminalSafe.text(text) + "\n");
        console.err().flush();
    }
}
