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

/** Reads the output of a run until a line matches the pattern, which makes the run ready. */
final class OutputPattern implements BackgroundCheck.Task {
    /** The longest wait for new output, which wakes the thread at once. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final int PIECE = 1 << 16;
    private static final int MANY_LINES = PIECE;

    /** An unfinished line longer than this is discarded. */
    private static final int LONGEST_LINE = 1 << 16;

    /** The length of the date, time and space that the monitor writes before each line. */
    private static final int STAMP_LENGTH = 25;

    private final OutputCapture outputCapture;
    private final Output stream;
    private final Optional<String> from;
    private final boolean stamped;
    private final Pattern pattern;
    private final RunReporter runReporter;

    /** The start of a line that has no end yet. */
    private String rest = "";

    /**
     * @param from where the output of the run starts; if unknown, only the end of the existing
     *     output is searched
     * @param stamped whether each line has a timestamp
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

    /** Where the output of the next run starts; empty if output is not kept. */
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
                outputCapture.await(runReporter.name(), stream, position, LONGEST_WAIT);
            }
            // If output never runs out, only this pause notices that the task was stopped.
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
        String written =
                stamped && line.length() >= STAMP_LENGTH ? line.substring(STAMP_LENGTH) : line;
        try {
            return pattern.matcher(written).find();
        } catch (StackOverflowError _) {
            // The user wrote the expression: some recurse one level deeper with each character.
            runReporter.probed(
                    Optional.of(
                            "the pattern of 'output' is too deep for a line of "
                                    + written.length()
                                    + " characters"));
            return false;
        }
    }
}
