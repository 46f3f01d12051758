/** The services that hold jobs: the two of Windows, and the one inside the Node process. */
export type ServiceName = "delivery-optimization" | "bits" | "embedded";

/**
 * The interfaces by which a service gives access to its jobs: the one that the documentation of BITS and Delivery Optimization
 * shares, and Delivery Optimization's own.
 */
export type ManagerInterface = "IBackgroundCopyManager" | "IDOManager";
