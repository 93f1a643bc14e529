package org.procmon.output.log;

import java.util.function.Consumer;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Transfer;

/** The tools that all log files share. The pump's thread only. */
public final class SharedBuffers implements AutoCloseable {
    private static final int FOR_REMNANTS = 4 << 20;

    public final Clock clock;
    public final Transfer transfer = new Transfer();
    final FileStatus status = new FileStatus();
    public final FifoPeek peek = new FifoPeek(transfer);
    final LineTimestamper stamper = new LineTimestamper(transfer);
    public final OpenFiles openFiles;
    public final LostTail.Room remnants = new LostTail.Room(FOR_REMNANTS);
    private final Buffer one = new Buffer(1);

    /** Runs a task on the pump's thread; set before that starts. */
    public volatile Consumer<Runnable> later = Runnable::run;

    public final LogOwnership ownership = new LogOwnership(task -> later.accept(task));

    /** Is notified of losses; set before the pump starts. */
    public volatile LossListener losses = (_, _) -> {};

    public SharedBuffers(Clock clock, int mostOpenFiles) {
        this.clock = clock;
        this.openFiles = new OpenFiles(mostOpenFiles);
    }

    /** Whether a file of this size, not 0, ends with a newline, as far as can be seen. */
    boolean endsLine(Descriptor file, long size) {
        return transfer.readAt(file, size - 1, one, 1) != 1 || one.get(0) == '\n';
    }

    /** Adds a newline; returns the same as {@link Transfer}. */
    long endLine(Descriptor file, long size) {
        one.set(0, (byte) '\n');
        return transfer.writeAt(file, size, one, 0, 1);
    }

    @Override
    public void close() {
        for (LogFile file : openFiles.all()) {
            file.close();
        }
        peek.close();
    }
}
