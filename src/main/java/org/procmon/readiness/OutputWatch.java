package org.procmon.readiness;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.procmon.output.Output;
import org.procmon.output.Outputs;
import org.procmon.output.Reading;

/** Reads what a run writes until a line of it says that it is ready. */
final class OutputWatch implements Vigil.Task {
    /** It is told of anything new, and otherwise does nothing for so long. */
    private static final Duration WHILE = Duration.ofHours(1);

    private static final int PIECE = 1 << 16;
    private static final int MANY_LINES = PIECE;

    /** Of a line that goes on, this is looked at. */
    private static final int LONGEST_LINE = 1 << 16;

    /** A date and time and a blank, which the monitor has put before each line. */
    private static final int STAMP = 25;

    private final Outputs outputs;
    private final Output stream;
    private final Optional<String> from;
    private final boolean stamped;
    private final Pattern pattern;
    private final Teller teller;

    /** What has come of a line that has not ended. */
    private String rest = "";

    /**
     * @param from where the output of the run begins; if that is not known, the end of what there
     *     is is looked at
     * @param stamped whether each line has a time before it
     */
    OutputWatch(
            Outputs outputs,
            Output stream,
            Optional<String> from,
            boolean stamped,
            Pattern pattern,
            Teller teller) {
        this.outputs = outputs;
        this.stream = stream;
        this.from = from;
        this.stamped = stamped;
        this.pattern = pattern;
        this.teller = teller;
    }

    /** Where the output of the next run begins; empty if it is not kept. */
    static Optional<String> end(Outputs outputs, String name, Output stream) {
        return outputs.last(name, stream, 0, 0) instanceof Reading.Piece piece
                ? Optional.of(piece.position())
                : Optional.empty();
    }

    @Override
    public void run(Vigil vigil) throws InterruptedException {
        Reading reading =
                from.isPresent()
                        ? outputs.after(teller.name(), stream, from.get(), PIECE)
                        : outputs.last(teller.name(), stream, MANY_LINES, PIECE);
        while (reading instanceof Reading.Piece piece) {
            if (isFoundIn(new String(piece.bytes(), StandardCharsets.UTF_8))) {
                teller.ready();
                return;
            }
            String position = piece.position();
            if (piece.bytes().length == 0) {
                outputs.await(teller.name(), stream, position, WHILE);
            }
            // That it was ended shows in the next pause only, where nothing has to be awaited.
            vigil.pause(Duration.ZERO);
            reading = outputs.after(teller.name(), stream, position, PIECE);
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
            teller.looked(
                    Optional.of(
                            "the pattern of 'output' is too deep for a line of "
                                    + written.length()
                                    + " characters"));
            return false;
        }
    }
}
