package org.procmon.app;

import java.time.Duration;
import java.util.Optional;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.output.Output;
import org.procmon.output.OutputCapture;

/** What the control socket reports about the output of the processes. */
final class CapturedOutput implements OutputSource {
    private final OutputCapture outputCapture;

    CapturedOutput(OutputCapture outputCapture) {
        this.outputCapture = outputCapture;
    }

    @Override
    public Reading last(String name, StandardStream stream, int lines, int maxBytes) {
        return told(outputCapture.last(name, output(stream), lines, maxBytes));
    }

    @Override
    public Reading after(String name, StandardStream stream, String position, int maxBytes) {
        return told(outputCapture.after(name, output(stream), position, maxBytes));
    }

    @Override
    public boolean await(String name, StandardStream stream, String position, Duration atMost)
            throws InterruptedException {
        return outputCapture.await(name, output(stream), position, atMost);
    }

    @Override
    public Optional<Loss> loss(String name) {
        Optional<org.procmon.output.log.OutputLoss> loss = outputCapture.loss(name);
        return loss.map(l -> new Loss(l.bytes(), l.reason(), l.failing()));
    }

    @Override
    public boolean isShared(String name) {
        return outputCapture.isShared(name);
    }

    @Override
    public boolean reopen(Duration limit) throws InterruptedException {
        return outputCapture.reopen(limit);
    }

    private static Reading told(org.procmon.output.log.OutputChunk outputChunk) {
        return switch (outputChunk) {
            case org.procmon.output.log.OutputChunk.Piece p ->
                    new Reading.Piece(new OutputSlice(p.bytes(), p.position(), p.skipped()));
            case org.procmon.output.log.OutputChunk.NotKept not ->
                    new Reading.NotKept(not.reason());
            case org.procmon.output.log.OutputChunk.NoPosition _ -> new Reading.NoPosition();
        };
    }

    private static Output output(StandardStream stream) {
        return switch (stream) {
            case STDOUT -> Output.STDOUT;
            case STDERR -> Output.STDERR;
        };
    }
}
