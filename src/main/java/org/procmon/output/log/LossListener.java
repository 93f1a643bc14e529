package org.procmon.output.log;

/** Is notified when output starts to be lost, and when it is kept again. */
@FunctionalInterface
public interface LossListener {
    /**
     * Loss has just started or stopped. Called on the pump's thread; returns at once.
     *
     * @param process the process that wrote the output
     */
    void changed(String process, OutputLoss outputLoss);
}
