/** The services that manage jobs: the two services of Windows, and the embedded service inside the Node process. */
export type ServiceName = "delivery-optimization" | "bits" | "embedded";

export const SERVICES: readonly ServiceName[] = ["delivery-optimization", "bits", "embedded"];

/**
 * The interfaces that give access to the jobs of a service: the documented interface of BITS and Delivery Optimization, and the interface
 * that only Delivery Optimization has.
 */
export type ManagerInterface = "IBackgroundCopyManager" | "IDOManager";
