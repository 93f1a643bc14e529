package org.procmon.output.log;

/** Hears when output begins to be lost, and when it is kept again. */
@FunctionalInterface
public interface LossListener {
    /**
     * It has just begun, or ended. Called on the pump's thread; returns at once.
     *
     * @param process whose output it is
     */
    void changed(String process, OutputLoss outputLoss);
}
