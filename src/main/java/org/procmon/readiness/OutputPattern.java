package org.procmon.readiness;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.procmon.output.Output;
import org.procmon.output.OutputCapture;
import org.procmon.output.log.OutputChunk;
import org.procmon.readiness.probe.BackgroundCheck;
import org.procmon.supervise.port.RunReporter;

/** Reads what a run writes until a line of it says that it is ready. */
final class OutputPattern implements BackgroundCheck.Task {
    /** It is told of anything new, and otherwise does nothing for so long. */
    private static final Duration WHILE = Duration.ofHours(1);

    private static final int PIECE = 1 << 16;
    private static final int MANY_LINES = PIECE;

    /** Of a line that goes on, this is looked at. */
    private static final int LONGEST_LINE = 1 << 16;

    /** A date and time and a blank, which the monitor has put before each line. */
    private static final int STAMP = 25;

    private final OutputCapture outputCapture;
    private final Output stream;
    private final Optional<String> from;
    private final boolean stamped;
    private final Pattern pattern;
    private final RunReporter runReporter;

    /** What has come of a line that has not ended. */
    private String rest = "";

    /**
     * @param from where the output of the run begins; if that is not known, the end of what there
     *     is is looked at
     * @param stamped whether each line has a time before it
     */
    OutputPattern(
            OutputCapture outputCapture,
            Output stream,
            Optional<String> from,
            boolean stamped,
            Pattern pattern,
            RunReporter runReporter) {
        this.outputCapture = outputCapture;
        this.stream = stream;
        this.from = from;
        this.stamped = stamped;
        this.pattern = pattern;
        this.runReporter = runReporter;
    }

    /** Where the output of the next run begins; empty if it is not kept. */
    static Optional<String> end(OutputCapture outputCapture, String name, Output stream) {
        return outputCapture.last(name, stream, 0, 0) instanceof OutputChunk.Piece piece
                ? Optional.of(piece.position())
                : Optional.empty();
    }

    @Override
    public void run(BackgroundCheck backgroundCheck) throws InterruptedException {
        OutputChunk outputChunk =
                from.isPresent()
                        ? outputCapture.after(runReporter.name(), stream, from.get(), PIECE)
                        : outputCapture.last(runReporter.name(), stream, MANY_LINES, PIECE);
        while (outputChunk instanceof OutputChunk.Piece piece) {
            if (isFoundIn(new String(piece.bytes(), StandardCharsets.UTF_8))) {
                runReporter.ready();
                return;
            }
            String position = piece.position();
            if (piece.bytes().length == 0) {
                outputCapture.await(runReporter.name(), stream, position, WHILE);
            }
            // That it was ended shows in the next pause only, where nothing has to be awaited.
            backgroundCheck.pause(Duration.ZERO);
            outputChunk = outputCapture.after(runReporter.name(), stream, position, PIECE);
        }
    }

    private boolean isFoundIn(String text) {
        String all = rest + text;
        int begin = 0;
        for (int end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', begin)) {
            if (matches(all.substring(begin, end))) {
                return true;
            }
            begin = end + 1;
        }
        rest = all.substring(begin);
        if (rest.length() > LONGEST_LINE) {
            rest = "";
        }
        return false;
    }

    private boolean matches(String line) {
        String written = stamped && line.length() >= STAMP ? line.substring(STAMP) : line;
        try {
            return pattern.matcher(written).find();
        } catch (StackOverflowError _) {
            // The expression is the user's: some go a step deeper with each character.
            runReporter.looked(
                    Optional.of(
                            "the pattern of 'output' is too deep for a line of "
                                    + written.length()
                                    + " characters"));
            return false;
        }
    }
}
