package org.procmon.app;

import java.time.Duration;
import java.util.Optional;
import org.procmon.control.protocol.OutputPiece;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.server.OutputSource;
import org.procmon.output.Output;
import org.procmon.output.Outputs;

/** Gives the control server what the pump has captured. Any thread. */
final class CapturedOutput implements OutputSource {
    private final Outputs outputs;

    CapturedOutput(Outputs outputs) {
        this.outputs = outputs;
    }

    @Override
    public Reading last(String name, StandardStream stream, int lines, int maxBytes) {
        return reading(outputs.last(name, output(stream), lines, maxBytes));
    }

    @Override
    public Reading after(String name, StandardStream stream, String position, int maxBytes) {
        return reading(outputs.after(name, output(stream), position, maxBytes));
    }

    @Override
    public boolean await(String name, StandardStream stream, String position, Duration atMost)
            throws InterruptedException {
        return outputs.await(name, output(stream), position, atMost);
    }

    @Override
    public Optional<Loss> loss(String name) {
        return outputs.loss(name)
                .map(loss -> new Loss(loss.bytes(), loss.reason(), loss.failing()));
    }

    @Override
    public void reopen() {
        try {
            outputs.reopen();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Output output(StandardStream stream) {
        return switch (stream) {
            case STDOUT -> Output.STDOUT;
            case STDERR -> Output.STDERR;
        };
    }

    private static Reading reading(org.procmon.output.Reading reading) {
        return switch (reading) {
            case org.procmon.output.Reading.Piece piece ->
                    new Reading.Piece(
                            new OutputPiece(piece.bytes(), piece.position(), piece.skipped()));
            case org.procmon.output.Reading.NotKept notKept ->
                    new Reading.NotKept(notKept.reason());
        };
    }
}
